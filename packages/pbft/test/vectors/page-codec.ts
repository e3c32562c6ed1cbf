/**
 * Encodes and decodes by the notation of docs/specification/wire-format.md alone: nothing of the
 * packages is used, so that the page is shown to suffice.
 */

/** The JSON form of a value. */
export type Json = string | boolean | null | readonly Json[] | { readonly [name: string]: Json };

type Parts = readonly (readonly [name: string, of: Type])[];

/** A type as the notation writes it. */
type Type =
  | { readonly kind: "uint"; readonly size: number; readonly max: bigint }
  | { readonly kind: "bool" }
  | { readonly kind: "enumeration"; readonly names: readonly string[] }
  | { readonly kind: "bytes"; readonly size: number | undefined; readonly max: number }
  | { readonly kind: "bits"; readonly max: number }
  | { readonly kind: "list"; readonly item: Type; readonly max: number }
  | { readonly kind: "optional"; readonly item: Type }
  | { readonly kind: "container"; readonly fields: Parts }
  | { readonly kind: "union"; readonly members: Parts }
  | { readonly kind: "name"; readonly name: string };

/** Types by their names, from the lines of a code block. */
export type Types = ReadonlyMap<string, Type>;

/** Reads each line `Name = type` of the blocks that begin with ` ```aethel-types`. */
export function readTypes(page: string): Types {
  const blocks = [...page.matchAll(/```aethel-types\n([^]*?)```/g)].map(([, block = ""]) => block);
  const lines = blocks.flatMap((block) => block.split("\n")).filter((line) => line !== "");
  return new Map(
    lines.map((line) => {
      const [name = "", text = ""] = line.split(" = ");
      return [name, parse(text)];
    }),
  );
}

function parse(text: string): Type {
  let at = 0;
  const take = (pattern: RegExp): string => {
    const found = new RegExp(pattern, "y");
    found.lastIndex = at;
    const [whole] = found.exec(text) ?? [];
    if (whole === undefined) throw new Error(`${pattern} is not at ${at} of ${text}`);
    at += whole.length;
    return whole;
  };
  const limit = (): number => Number(take(/<=\d+/).slice(2));
  const parts = (close: string): Parts => {
    const found: [string, Type][] = [];
    at += 1;
    while (text[at] !== close) {
      const name = take(/[\w-]+:/).slice(0, -1);
      found.push([name, type()]);
      take(/ ?/);
    }
    at += 1;
    return found;
  };
  const single = (): Type => {
    switch (text[at]) {
      case "{":
        return { kind: "container", fields: parts("}") };
      case "<":
        return { kind: "union", members: parts(">") };
      case "(":
        return {
          kind: "enumeration",
          names: take(/\([^)]*\)/)
            .slice(1, -1)
            .split(" "),
        };
      case "[": {
        at += 1;
        const item = type();
        take(/\]/);
        return { kind: "list", item, max: limit() };
      }
      default:
        return plain(take(/\w+/), () => (text.startsWith("<=", at) ? limit() : undefined));
    }
  };
  const type = (): Type => {
    const item = single();
    if (text[at] !== "?") return item;
    at += 1;
    return { kind: "optional", item };
  };
  const whole = type();
  if (at !== text.length) throw new Error(`${text.slice(at)} follows`);
  return whole;
}

function plain(word: string, limit: () => number | undefined): Type {
  const [, name, digits] = /^(uint|bytes|bits|bool)(\d*)$/.exec(word) ?? [];
  if (name === "bool") return { kind: "bool" };
  if (name === "uint") {
    const bits = Number(digits);
    const max = BigInt(limit() ?? 0) || (1n << BigInt(bits)) - 1n;
    return { kind: "uint", size: bits / 8, max };
  }
  if (name === "bits") return { kind: "bits", max: limit() ?? 0 };
  if (name !== "bytes") return { kind: "name", name: word };
  const size = digits === "" ? undefined : Number(digits);
  return { kind: "bytes", size, max: size ?? limit() ?? 0 };
}

/** Bytes of all values of a type, or undefined where an offset stands in its place. */
function sizeOf(types: Types, type: Type): number | undefined {
  switch (type.kind) {
    case "uint":
      return type.size;
    case "bool":
    case "enumeration":
      return 1;
    case "bytes":
      return type.size;
    case "container": {
      let sum = 0;
      for (const [, of] of type.fields) {
        const size = sizeOf(types, of);
        if (size === undefined) return undefined;
        sum += size;
      }
      return sum;
    }
    case "name":
      return sizeOf(types, named(types, type.name));
    default:
      return undefined;
  }
}

function named(types: Types, name: string): Type {
  const type = types.get(name);
  if (type === undefined) throw new Error(`the page has no type ${name}`);
  return type;
}

/** Encodes a JSON form. */
export function encode(types: Types, type: Type | string, value: Json): Buffer {
  const of = typeof type === "string" ? named(types, type) : type;
  switch (of.kind) {
    case "name":
      return encode(types, of.name, value);
    case "uint": {
      const number = BigInt(value as string);
      if (number > of.max) throw new Error(`${number} is above ${of.max}`);
      return Buffer.from(Array.from({ length: of.size }, (_, at) => byteAt(number, at)));
    }
    case "bool":
      return Buffer.from([value === true ? 1 : 0]);
    case "enumeration":
      return Buffer.from([of.names.indexOf(value as string)]);
    case "bytes":
      return Buffer.from((value as string).slice(2), "hex");
    case "bits": {
      const bits = BigInt(
        `0b1${Array.from(value as string)
          .toReversed()
          .join("")}`,
      );
      const size = Math.floor((value as string).length / 8) + 1;
      return Buffer.from(Array.from({ length: size }, (_, at) => byteAt(bits, at)));
    }
    case "list":
      return join(
        types,
        (value as readonly Json[]).map((item) => [of.item, item]),
      );
    case "optional":
      if (value === null) return Buffer.alloc(0);
      return Buffer.concat([Buffer.from([1]), encode(types, of.item, value)]);
    case "container":
      return join(
        types,
        of.fields.map(([name, field]) => [field, fieldOf(value, name)]),
      );
    case "union": {
      const selector = of.members.findIndex(([name]) => name === fieldOf(value, "type"));
      const [, member] = of.members[selector] ?? [];
      if (member === undefined) throw new Error("no such member");
      return Buffer.concat([Buffer.from([selector]), encode(types, member, value)]);
    }
  }
}

const byteAt = (number: bigint, at: number): number => Number((number >> BigInt(8 * at)) & 255n);

const fieldOf = (value: Json, name: string): Json =>
  (value as { readonly [name: string]: Json })[name] ?? null;

/** Fixed parts and offsets first, then the parts that offsets point to. */
function join(types: Types, parts: readonly (readonly [of: Type, value: Json])[]): Buffer {
  const encoded = parts.map(([of, value]) => ({
    bytes: encode(types, of, value),
    isFixed: sizeOf(types, of) !== undefined,
  }));
  let end = encoded.reduce((sum, { bytes, isFixed }) => sum + (isFixed ? bytes.length : 4), 0);
  const heads = encoded.map(({ bytes, isFixed }) => {
    if (isFixed) return bytes;
    const offset = Buffer.alloc(4);
    offset.writeUInt32LE(end);
    end += bytes.length;
    return offset;
  });
  return Buffer.concat([...heads, ...encoded.flatMap((part) => (part.isFixed ? [] : part.bytes))]);
}

/** Decodes to the JSON form. */
export function decode(types: Types, type: Type | string, bytes: Buffer): Json {
  const of = typeof type === "string" ? named(types, type) : type;
  switch (of.kind) {
    case "name":
      return decode(types, of.name, bytes);
    case "uint":
      return String(numberIn(bytes));
    case "bool":
      return bytes[0] === 1;
    case "enumeration":
      return of.names[bytes[0] ?? 0] ?? null;
    case "bytes":
      return `0x${bytes.toString("hex")}`;
    case "bits":
      return Array.from(numberIn(bytes).toString(2)).toReversed().slice(0, -1).join("");
    case "list":
      return itemsIn(types, of.item, bytes);
    case "optional":
      return bytes.length === 0 ? null : decode(types, of.item, bytes.subarray(1));
    case "container":
      return fieldsIn(types, of.fields, bytes);
    case "union": {
      const [name, member] = of.members[bytes[0] ?? 0] ?? [];
      if (name === undefined || member === undefined) throw new Error("no such member");
      return { type: name, ...(decode(types, member, bytes.subarray(1)) as object) };
    }
  }
}

const numberIn = (bytes: Buffer): bigint => BigInt(`0x${bytes.toReversed().reduce(hexOf, "00")}`);
const hexOf = (text: string, byte: number): string => text + byte.toString(16).padStart(2, "0");

function itemsIn(types: Types, item: Type, bytes: Buffer): readonly Json[] {
  if (bytes.length === 0) return [];
  const size = sizeOf(types, item);
  const count = size === undefined ? bytes.readUInt32LE(0) / 4 : bytes.length / size;
  return Array.from({ length: count }, (_, at) => {
    if (size !== undefined) return decode(types, item, bytes.subarray(at * size, (at + 1) * size));
    const to = at + 1 === count ? bytes.length : bytes.readUInt32LE(4 * at + 4);
    return decode(types, item, bytes.subarray(bytes.readUInt32LE(4 * at), to));
  });
}

function fieldsIn(types: Types, fields: Parts, bytes: Buffer): Json {
  const decoded: Record<string, Json> = {};
  let place = 0;
  let open: { readonly name: string; readonly of: Type; readonly from: number } | undefined;
  const close = (to: number): void => {
    if (open !== undefined)
      decoded[open.name] = decode(types, open.of, bytes.subarray(open.from, to));
  };
  for (const [name, of] of fields) {
    const size = sizeOf(types, of);
    if (size === undefined) {
      const from = bytes.readUInt32LE(place);
      close(from);
      open = { name, of, from };
    } else decoded[name] = decode(types, of, bytes.subarray(place, place + size));
    place += size ?? 4;
  }
  close(bytes.length);
  return decoded;
}
