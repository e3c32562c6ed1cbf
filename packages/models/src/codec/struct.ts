import { type Codec, codecOf, type Infer } from "./codec.ts";
import { within } from "./field-error.ts";
import { type Layout, type Memory, readExactly } from "./layout.ts";

type StructValue<F> = { readonly [K in keyof F]: Infer<F[K]> };

/** Value of a struct whose fields are not known. @internal */
export type AnyStruct = Readonly<Record<string, unknown>>;

/** Bytes of an SSZ offset. */
const OFFSET_BYTES = 4;

interface Field {
  readonly name: string;
  readonly layout: Layout<unknown>;
  /** Position of the field, or of its offset, relative to the start of the struct. */
  readonly position: number;
  /** Whether this field is the first one of the struct that has an offset. */
  readonly isFirst: boolean;
  /** Position of the next offset. `undefined` if no later field has one. */
  readonly next: number | undefined;
}

/** Layout of a struct. It can also read into an object that already has other fields. @internal */
export interface StructLayout extends Layout<AnyStruct> {
  readInto(target: Record<string, unknown>, memory: Memory, start: number, end: number): void;
  /**
   * Reads JSON into `target`. `skip` is a key that belongs to another type, such as the tag of a
   * union.
   */
  fromJsonInto(target: Record<string, unknown>, json: unknown, skip?: string): void;
}

/** SSZ `Container` with the fields in the given order. The order is wire format. */
export function struct<F extends Readonly<Record<string, Codec<unknown> | Codec<never>>>>(
  name: string,
  fields: F,
): Codec<StructValue<F>> {
  const layout = layoutOf(name, fields);
  return codecOf<StructValue<F>>(name, layout as unknown as Layout<StructValue<F>>);
}

function layoutOf(
  name: string,
  codecs: Readonly<Record<string, Codec<unknown> | Codec<never>>>,
): StructLayout {
  const fields = placed(codecs);
  const head = fields.reduce((sum, { layout }) => sum + (layout.fixedSize ?? OFFSET_BYTES), 0);
  const isFixed = fields.every(({ layout }) => layout.fixedSize !== undefined);
  const extent = (of: "minSize" | "maxSize"): number =>
    fields.reduce(
      (sum, { layout }) => sum + (layout.fixedSize === undefined ? layout[of] : 0),
      head,
    );
  return {
    schema: {
      type: "struct",
      name,
      fields: Object.fromEntries(fields.map((field) => [field.name, field.layout.schema])),
    },
    fixedSize: isFixed ? head : undefined,
    minSize: extent("minSize"),
    maxSize: extent("maxSize"),
    ...binaryOf({ fields, head, isFixed }),
    ...jsonOf(name, fields),
  };
}

/**
 * Returns how the bytes of a struct are counted, written and read. `head`: bytes of its fixed part,
 * with the offsets.
 */
function binaryOf({
  fields,
  head,
  isFixed,
}: {
  readonly fields: readonly Field[];
  readonly head: number;
  readonly isFixed: boolean;
}): Pick<StructLayout, "sizeOf" | "write" | "read" | "readInto"> {
  const readInto: StructLayout["readInto"] = (target, memory, start, end) => {
    let inside = "";
    try {
      for (const field of fields) {
        inside = field.name;
        target[inside] = readField(field, head, memory, start, end);
      }
    } catch (error) {
      throw within(inside, error);
    }
  };
  return {
    sizeOf(value) {
      const source = objectOf(value);
      if (isFixed) return head;
      let size = head;
      for (const field of fields) {
        if (field.layout.fixedSize !== undefined) continue;
        try {
          size += field.layout.sizeOf(source[field.name]);
        } catch (error) {
          throw within(field.name, error);
        }
      }
      return size;
    },
    write(memory, at, value) {
      let end = at + head;
      let inside = "";
      // One handler around the loop costs less than one in each turn of it.
      try {
        for (const { name: field, layout, position } of fields) {
          inside = field;
          if (layout.fixedSize !== undefined) {
            layout.write(memory, at + position, value[field]);
          } else {
            memory.view.setUint32(at + position, end - at, true);
            end = layout.write(memory, end, value[field]);
          }
        }
      } catch (error) {
        throw within(inside, error);
      }
      return end;
    },
    readInto,
    read(memory, start, end) {
      const value: Record<string, unknown> = {};
      readInto(value, memory, start, end);
      return value;
    },
  };
}

/** Returns how a struct becomes JSON, and JSON a struct. */
function jsonOf(
  name: string,
  fields: readonly Field[],
): Pick<StructLayout, "toJson" | "fromJson" | "fromJsonInto"> {
  const names = new Set(fields.map((field) => field.name));
  const fromJsonInto: StructLayout["fromJsonInto"] = (target, json, skip) => {
    const source = objectOf(json);
    for (const field of fields) {
      try {
        const own = Object.hasOwn(source, field.name) ? source[field.name] : undefined;
        target[field.name] = field.layout.fromJson(own);
      } catch (error) {
        throw within(field.name, error);
      }
    }
    const extra = Object.keys(source).find((key) => key !== skip && !names.has(key));
    if (extra !== undefined) throw within(extra, new Error(`${name} has no such field`));
  };
  return {
    toJson: (value) =>
      Object.fromEntries(
        fields.map((field) => [field.name, field.layout.toJson(value[field.name])]),
      ),
    fromJsonInto,
    fromJson(json) {
      const value: Record<string, unknown> = {};
      fromJsonInto(value, json);
      return value;
    },
  };
}

/** Reads one field. The caller must have checked that there are at least `head` bytes. */
function readField(
  { layout, position, isFirst, next }: Field,
  head: number,
  memory: Memory,
  start: number,
  end: number,
): unknown {
  if (layout.fixedSize !== undefined) {
    return layout.read(memory, start + position, start + position + layout.fixedSize);
  }
  const size = end - start;
  const from = memory.view.getUint32(start + position, true);
  const to = next === undefined ? size : memory.view.getUint32(start + next, true);
  // Each later offset is the `to` of the field before it: no byte is skipped or read twice.
  if (isFirst && from !== head) throw new Error(`offset ${from} is not ${head}`);
  if (to < from || to > size) throw new Error(`offset ${to} is not in ${from} .. ${size}`);
  return readExactly(layout, memory, start + from, start + to);
}

function placed(codecs: Readonly<Record<string, Codec<unknown> | Codec<never>>>): readonly Field[] {
  const layouts = Object.entries(codecs).map(([name, codec]) => ({
    name,
    layout: codec.layout as Layout<unknown>,
  }));
  let position = 0;
  const positions = layouts.map(({ layout }) => {
    const here = position;
    position += layout.fixedSize ?? OFFSET_BYTES;
    return here;
  });
  const offsets = positions.filter((_, at) => layouts[at]?.layout.fixedSize === undefined);
  return layouts.map(({ name, layout }, at) => {
    const here = positions[at] ?? 0;
    const next = offsets.find((offset) => offset > here);
    return { name, layout, position: here, isFirst: offsets[0] === here, next };
  });
}

/** Checks that a value is an object. Without this check, the error would name one of the fields. */
function objectOf(value: unknown): AnyStruct {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as AnyStruct;
  }
  throw new Error("expected an object");
}
