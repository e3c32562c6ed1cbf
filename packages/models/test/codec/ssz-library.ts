import {
  BitArray,
  BitListType,
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  OptionalType,
  type Type,
  UintBigintType,
  UintNumberType,
  UnionType,
} from "@chainsafe/ssz";
import { Item } from "../../src/consensus/item.ts";
import type { Schema } from "../../src/index.ts";

/** A type of `@chainsafe/ssz`, which knows nothing of this package, and its form of our values. */
export interface LibraryType {
  readonly ssz: Type<unknown>;
  readonly convert: (value: unknown) => unknown;
}

/** The same wire type in the library that others use for SSZ: an oracle. */
export function libraryType(schema: Schema): LibraryType {
  switch (schema.type) {
    case "natural":
      return plain(new UintNumberType(schema.bytes));
    case "big-natural":
      return plain(new UintBigintType(schema.bytes));
    case "boolean":
      return plain(new BooleanType());
    case "enumeration":
      return {
        ssz: erase(new UintNumberType(1)),
        convert: (name) => schema.names.indexOf(name as string),
      };
    case "fixed-bytes":
      return plain(new ByteVectorType(schema.length));
    case "bounded-bytes": {
      const { ssz, convert } = plain(new ByteListType(schema.limit));
      return schema === Item.schema
        ? { ssz, convert: (value) => (value as Item).bytes }
        : { ssz, convert };
    }
    case "bits":
      return {
        ssz: erase(new BitListType(schema.limit)),
        convert: (value) => BitArray.fromBoolArray([...(value as boolean[])]),
      };
    case "list": {
      const item = libraryType(schema.item);
      const isBasic = ["natural", "big-natural", "boolean", "enumeration"].includes(
        schema.item.type,
      );
      const List = (isBasic ? ListBasicType : ListCompositeType) as typeof ListCompositeType;
      return {
        ssz: erase(new List(item.ssz as never, schema.limit)),
        convert: (value) => (value as unknown[]).map((one) => item.convert(one)),
      };
    }
    case "optional": {
      const item = libraryType(schema.item);
      return {
        ssz: erase(new OptionalType(item.ssz)),
        convert: (value) => (value === undefined ? null : item.convert(value)),
      };
    }
    case "struct": {
      const fields = Object.entries(schema.fields).map(
        ([name, of]) => [name, libraryType(of)] as const,
      );
      const types = Object.fromEntries(fields.map(([name, { ssz }]) => [name, ssz]));
      return {
        ssz: erase(new ContainerType(types)),
        convert: (value) =>
          Object.fromEntries(
            fields.map(([name, { convert }]) => [
              name,
              convert((value as Record<string, unknown>)[name]),
            ]),
          ),
      };
    }
    case "union": {
      const members = Object.entries(schema.members).map(([tag, of]) => ({
        tag,
        ...libraryType(of),
      }));
      return {
        ssz: erase(new UnionType(members.map(({ ssz }) => ssz))),
        convert(value) {
          const selector = members.findIndex(({ tag }) => tag === (value as { type: string }).type);
          return { selector, value: members[selector]?.convert(value) };
        },
      };
    }
  }
}

function plain(ssz: unknown): LibraryType {
  return { ssz: erase(ssz), convert: (value) => value };
}

/** One function for all types: their value types are known at run time alone. */
function erase(ssz: unknown): Type<unknown> {
  return ssz as Type<unknown>;
}
