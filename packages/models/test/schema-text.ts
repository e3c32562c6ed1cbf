import { Item } from "../src/consensus/item.ts";
import { itemOf, type Schema } from "../src/index.ts";

/** A schema on one line, as a specification would write it; types in `named` by their names. */
export function schemaText(schema: Schema, named: ReadonlySet<string>, isTop = true): string {
  const text = (inner: Schema): string => schemaText(inner, named, false);
  const parts = (all: Readonly<Record<string, Schema>>): string =>
    Object.entries(all)
      .map(([name, of]) => `${name}:${text(of)}`)
      .join(" ");
  switch (schema.type) {
    case "natural":
      return schema.max === defaultMax(schema.bytes)
        ? `uint${8 * schema.bytes}`
        : `uint${8 * schema.bytes}<=${schema.max}`;
    case "big-natural":
      return `uint${8 * schema.bytes}`;
    case "boolean":
      return "bool";
    case "enumeration":
      return `(${schema.names.join(" ")})`;
    case "fixed-bytes":
      return `bytes${schema.length}`;
    case "bounded-bytes":
      return `bytes<=${schema.limit}`;
    case "bits":
      return `bits<=${schema.limit}`;
    case "list":
      return `[${text(schema.item)}]<=${schema.limit}`;
    case "optional":
      return `${text(schema.item)}?`;
    case "struct":
      return !isTop && named.has(schema.name) ? schema.name : `{${parts(schema.fields)}}`;
    case "union":
      return !isTop && named.has(schema.name) ? schema.name : `<${parts(schema.members)}>`;
  }
}

/**
 * A value that follows from the schema and `salt` alone; optionals are there, lists have two items.
 */
export function exampleOf(schema: Schema, salt: number): unknown {
  switch (schema.type) {
    case "natural":
      return (salt * 2_654_435_761 + 12_345) % (schema.max + 1);
    case "big-natural":
      return BigInt.asUintN(
        8 * schema.bytes,
        0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c834n * BigInt(salt + 1),
      );
    case "boolean":
      return salt % 2 === 1;
    case "enumeration":
      return schema.names[salt % schema.names.length];
    case "fixed-bytes":
      return Uint8Array.from({ length: schema.length }, (_, at) => (salt * 31 + at * 7) & 0xff);
    case "bounded-bytes":
      return inItem(
        schema,
        Uint8Array.from({ length: salt % 5 }, (_, at) => (salt + at) & 0xff),
      );
    case "bits":
      return Array.from({ length: (salt % 11) + 1 }, (_, at) => (salt >> (at % 5)) % 2 === 1);
    case "list":
      return [exampleOf(schema.item, salt + 1), exampleOf(schema.item, salt + 2)];
    case "optional":
      return exampleOf(schema.item, salt + 1);
    case "struct":
      return fieldsOf(schema.fields, salt);
    case "union": {
      const members = Object.entries(schema.members);
      const [tag, member] = members[salt % members.length] ?? ["", schema];
      return { type: tag, ...fieldsOf(member.type === "struct" ? member.fields : {}, salt) };
    }
  }
}

/** Bytes as the value of their type: an item keeps them in an object. */
export function inItem(schema: Schema, bytes: Uint8Array): unknown {
  return schema === Item.schema ? itemOf(bytes) : bytes;
}

function fieldsOf(fields: Readonly<Record<string, Schema>>, salt: number): object {
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, of], at) => [name, exampleOf(of, salt + at)]));
}

function defaultMax(bytes: number): number {
  return bytes === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * bytes) - 1;
}
