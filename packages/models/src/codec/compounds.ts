import {
  type ByteViews,
  ContainerType,
  ListCompositeType,
  OptionalType,
  type Type,
  UnionType,
} from "@chainsafe/ssz";
import { type Codec, codecOf, type Infer } from "./codec.ts";
import { inField } from "./field-error.ts";

type Fields = Readonly<Record<string, Codec<never>>>;
type AnyStruct = Readonly<Record<string, unknown>>;
type StructValue<F> = { readonly [K in keyof F]: Infer<F[K]> };

/** An SSZ container whose errors name the field. */
class StructType extends ContainerType<Record<string, Type<unknown>>> {
  override value_serializeToBytes(output: ByteViews, offset: number, value: AnyStruct): number {
    let fixed = offset;
    let variable = offset + this.fixedEnd;
    for (const { fieldName, fieldType } of this.fieldsEntries) {
      inField(fieldName, () => {
        if (fieldType.fixedSize === null) {
          output.dataView.setUint32(fixed, variable - offset, true);
          fixed += 4;
          variable = fieldType.value_serializeToBytes(output, variable, value[fieldName]);
        } else {
          fixed = fieldType.value_serializeToBytes(output, fixed, value[fieldName]);
        }
      });
    }
    return variable;
  }

  override value_serializedSize(value: AnyStruct): number {
    if (typeof value !== "object" || value === null) throw new Error("expected an object");
    let size = this.fixedEnd;
    for (const { fieldName, fieldType } of this.fieldsEntries) {
      if (fieldType.fixedSize !== null) continue;
      inField(fieldName, () => {
        size += fieldType.value_serializedSize(value[fieldName]);
      });
    }
    return size;
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): never {
    const ranges = this.getFieldRanges(data.dataView, start, end);
    const value: Record<string, unknown> = {};
    this.fieldsEntries.forEach(({ fieldName, fieldType }, at) => {
      const range = ranges[at];
      if (range === undefined) throw new Error("fewer fields than the type has");
      value[fieldName] = inField(fieldName, () =>
        fieldType.value_deserializeFromBytes(data, start + range.start, start + range.end),
      );
    });
    return value as never;
  }

  override fromJson(json: unknown): never {
    if (typeof json !== "object" || json === null) throw new Error("expected an object");
    const source = json as AnyStruct;
    const value: Record<string, unknown> = {};
    for (const { fieldName, fieldType } of this.fieldsEntries) {
      value[fieldName] = inField(fieldName, () => fieldType.fromJson(source[fieldName]));
    }
    return value as never;
  }
}

/** A container: fields in the given order, which is wire format. */
export function struct<F extends Readonly<Record<string, Codec<unknown> | Codec<never>>>>(
  name: string,
  fields: F,
): Codec<StructValue<F>> {
  const types = Object.fromEntries(
    Object.entries(fields).map(([field, codec]) => [field, codec.ssz as Type<unknown>]),
  );
  return codecOf(
    name,
    new StructType(types, { typeName: name }) as unknown as Type<StructValue<F>>,
  );
}

class BoundedListType extends ListCompositeType<never> {
  override value_serializedSize(value: never[]): number {
    if (!Array.isArray(value)) throw new Error("expected an array");
    return super.value_serializedSize(value);
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: never[]): number {
    if (value.length > this.limit) throw new Error(`more than ${this.limit} items`);
    return super.value_serializeToBytes(output, offset, value);
  }
}

/** SSZ `List[item, limit]` of containers, unions, lists or byte strings. */
export function list<T>(item: Codec<T>, limit: number): Codec<readonly T[]> {
  const ssz = new BoundedListType(item.ssz as unknown as never, limit);
  return codecOf(`list of ${item.name}`, ssz as unknown as Type<readonly T[]>);
}

class MaybeType extends OptionalType<Type<unknown>> {
  override value_serializedSize(value: unknown): number {
    return super.value_serializedSize(value ?? null);
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: unknown): number {
    return super.value_serializeToBytes(output, offset, value ?? null);
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): unknown {
    return super.value_deserializeFromBytes(data, start, end) ?? undefined;
  }

  override toJson(value: unknown): Record<string, unknown> {
    return super.toJson(value ?? null) as Record<string, unknown>;
  }

  override fromJson(json: unknown): unknown {
    return super.fromJson(json ?? null) ?? undefined;
  }
}

/** SSZ `Optional[item]` (EIP-6475): nothing, or a byte 1 and the item. Absent is `undefined`. */
export function optional<T>(item: Codec<T>): Codec<T | undefined> {
  const ssz = new MaybeType(item.ssz as Type<unknown>);
  return codecOf(`optional ${item.name}`, ssz as unknown as Type<T | undefined>);
}

type Tagged<M> = { [K in keyof M]: { readonly type: K } & Infer<M[K]> }[keyof M];

class TaggedUnionType extends UnionType<Type<unknown>[]> {
  readonly #tags: readonly string[];

  constructor(members: Readonly<Record<string, Codec<never>>>) {
    super(Object.values(members).map((member) => member.ssz));
    this.#tags = Object.keys(members);
  }

  override value_serializedSize(value: never): number {
    const { member } = this.#memberOf(value);
    return 1 + member.value_serializedSize(value);
  }

  override value_serializeToBytes(output: ByteViews, offset: number, value: never): number {
    const { member, selector, tag } = this.#memberOf(value);
    output.uint8Array[offset] = selector;
    return inField(tag, () => member.value_serializeToBytes(output, offset + 1, value));
  }

  override value_deserializeFromBytes(data: ByteViews, start: number, end: number): never {
    if (end <= start) throw new Error("a union has at least its selector");
    const selector = data.uint8Array[start] ?? 0xff;
    const [tag, member] = [this.#tags[selector], this.types[selector]];
    if (tag === undefined || member === undefined) throw new Error(`unknown selector ${selector}`);
    const value = inField(tag, () => member.value_deserializeFromBytes(data, start + 1, end));
    return { type: tag, ...(value as object) } as never;
  }

  override toJson(value: never): Record<string, unknown> {
    const { member, tag } = this.#memberOf(value);
    return { type: tag, ...(member.toJson(value) as object) };
  }

  override fromJson(json: unknown): never {
    const { member, tag } = this.#memberOf(json);
    return { type: tag, ...(inField(tag, () => member.fromJson(json)) as object) } as never;
  }

  #memberOf(value: unknown): { tag: string; selector: number; member: Type<unknown> } {
    const tag = (value as { readonly type?: string } | undefined)?.type ?? "";
    const selector = this.#tags.indexOf(tag);
    const member = this.types[selector];
    if (member !== undefined) return { tag, selector, member };
    throw new Error(`expected a type of ${this.#tags.join(", ")}`);
  }
}

/** SSZ `Union` of containers as `{ type: tag, ...fields }`. Order of members is wire format. */
export function union<M extends Readonly<Record<string, Codec<never> | Codec<unknown>>>>(
  name: string,
  members: M,
): Codec<Tagged<M>> {
  const ssz = new TaggedUnionType(members as Fields);
  return codecOf(name, ssz as unknown as Type<Tagged<M>>);
}
