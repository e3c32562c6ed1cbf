import { describe, expect, test } from "vitest";
import {
  bigNatural,
  bits,
  boolean,
  boundedBytes,
  type Codec,
  enumeration,
  fixedBytes,
  list,
  natural,
  optional,
  struct,
  union,
} from "../../src/codec/index.ts";
import { equalBytes, ModelsError, toHex } from "../../src/index.ts";
import { withoutStacks } from "../without-stacks.ts";

// Small types, and all inputs that are made of numbers which mean something to an SSZ decoder.

const Pair = struct("Pair", { left: boundedBytes(4), right: boundedBytes(4) });
const Choice = union("Choice", { one: struct("One", { x: natural(1) }), pair: Pair });

const codecs: readonly Codec<unknown>[] = [
  list(boundedBytes(4), 1),
  list(boundedBytes(4), 3),
  list(list(natural(1), 3), 2),
  list(optional(natural(1)), 2),
  list(Choice, 2),
  list(natural(4), 2),
  Pair,
  Choice,
  optional(Pair),
  struct("Mixed", { before: boundedBytes(3), flags: bits(11), after: list(boundedBytes(1), 1) }),
].map((codec) => codec as Codec<unknown>);

/** Offsets into inputs of this length, their neighbours, and numbers that are none. */
const WORDS = [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 0x104, 0xffff_ffff];
const TAILS = [[], [0], [1], [4], [0x80], [0, 0], [1, 0], [0, 1], [5, 0, 0], [1, 1, 1]];

withoutStacks();

describe.each(codecs.map((codec) => [codec.name, codec] as const))("%s", (_, codec) => {
  test("every short input of words is refused or canonical, and some are not refused", () => {
    const isSelected = codec.schema.type === "union" || codec.schema.type === "optional";
    let accepted = 0;
    for (const bytes of inputs(isSelected ? [0, 1] : [undefined])) {
      const value = decodeOrUndefined(codec, bytes);
      if (value === undefined) continue;
      accepted++;
      if (equalBytes(codec.encode(value.value), bytes)) continue;
      expect.fail(
        `${toHex(bytes)} is accepted, and encodes as ${toHex(codec.encode(value.value))}`,
      );
    }
    expect(accepted).toBeGreaterThan(0);
  });
});

describe("limits", () => {
  test.each([1, 7, 8, 9, 10, 15, 16, 17])(
    "%i bits fit in bits of that limit, and one more does not",
    (limit) => {
      const [own, wider] = [bits(limit), bits(limit + 1)];
      const full = Array.from({ length: limit }, (_, at) => at % 2 === 0);
      const over = [...full, true];

      expect(own.decode(own.encode(full))).toEqual(full);
      expect(() => own.encode(over)).toThrow(ModelsError);
      expect(() => own.decode(wider.encode(over))).toThrow(ModelsError);
    },
  );

  test.each([1, 2, 4, 8] as const)("uint of %i bytes holds its maximum and no more", (size) => {
    const max = size === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * size) - 1;
    const [codec, narrow] = [natural(size), natural(size, 9)];

    expect(codec.decode(codec.encode(max))).toBe(max);
    for (const wrong of [max + 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "1", undefined]) {
      expect(() => codec.encode(wrong as number)).toThrow(ModelsError);
    }
    expect(narrow.decode(codec.encode(9))).toBe(9);
    expect(() => narrow.decode(codec.encode(10))).toThrow(ModelsError);
    expect(() => natural(8).decode(new Uint8Array(8).fill(0xff))).toThrow(ModelsError);
  });

  test.each([8, 16] as const)("a bigint of %i bytes holds its maximum and no more", (size) => {
    const max = (1n << BigInt(8 * size)) - 1n;
    const codec = bigNatural(size);

    for (const value of [0n, 1n, 1n << 63n, max])
      expect(codec.decode(codec.encode(value))).toBe(value);
    for (const wrong of [max + 1n, -1n, -max, 1, "1", undefined]) {
      expect(() => codec.encode(wrong as bigint)).toThrow(ModelsError);
      expect(() => codec.toJson(wrong as bigint)).toThrow(ModelsError);
    }
  });

  test("byte strings have their length, or at most their limit", () => {
    for (const length of [0, 3, 5]) {
      expect(() => fixedBytes(4).encode(new Uint8Array(length))).toThrow(ModelsError);
      expect(() => fixedBytes(4).decode(new Uint8Array(length))).toThrow(ModelsError);
    }
    expect(boundedBytes(4).decode(new Uint8Array(4))).toHaveLength(4);
    expect(() => boundedBytes(4).encode(new Uint8Array(5))).toThrow(ModelsError);
    expect(() => boundedBytes(4).decode(new Uint8Array(5))).toThrow(ModelsError);
    for (const wrong of [[1, 2, 3, 4], "1234", new Uint16Array(4), undefined]) {
      expect(() => fixedBytes(4).encode(wrong as never)).toThrow(ModelsError);
      expect(() => boundedBytes(4).encode(wrong as never)).toThrow(ModelsError);
      expect(() => boundedBytes(4).decode(wrong as never)).toThrow(ModelsError);
    }
  });

  test("a list has at most its limit of items, however small they are", () => {
    for (const item of [boundedBytes(9), natural(1), optional(natural(1))] as Codec<unknown>[]) {
      const [own, wider] = [list(item, 2), list(item, 3)];
      const value =
        item.schema.type === "bounded-bytes"
          ? new Uint8Array()
          : item.schema.type === "natural"
            ? 1
            : undefined;
      const bytes = wider.encode([value, value, value]);
      expect(wider.decode(bytes)).toHaveLength(3);
      expect(() => own.decode(bytes)).toThrow(ModelsError);
      expect(() => own.encode([value, value, value])).toThrow(ModelsError);
    }
  });

  test("what is no boolean, bit or name is refused rather than read as one", () => {
    for (const wrong of [0, 1, "true", null, undefined]) {
      expect(() => boolean.encode(wrong as unknown as boolean)).toThrow(ModelsError);
      expect(() => bits(4).encode([wrong as unknown as boolean])).toThrow(ModelsError);
    }
    expect(() => enumeration(["a", "b"]).encode("c" as "a")).toThrow(ModelsError);
    for (let byte = 2; byte < 256; byte++) {
      expect(() => boolean.decode(Uint8Array.of(byte))).toThrow(ModelsError);
      expect(() => enumeration(["a", "b"]).decode(Uint8Array.of(byte))).toThrow(ModelsError);
    }
  });
});

function* inputs(selectors: readonly (number | undefined)[]): Generator<Uint8Array> {
  const heads: number[][] = [[]];
  for (const first of WORDS) {
    heads.push([first]);
    for (const second of WORDS) {
      heads.push([first, second]);
      for (const third of WORDS) heads.push([first, second, third]);
    }
  }
  for (const selector of selectors) {
    for (const head of heads) {
      for (const tail of TAILS) {
        const start = selector === undefined ? [] : [selector];
        const bytes = new Uint8Array(start.length + 4 * head.length + tail.length);
        bytes.set(start);
        const view = new DataView(bytes.buffer);
        head.forEach((word, at) => view.setUint32(start.length + 4 * at, word, true));
        bytes.set(tail, start.length + 4 * head.length);
        yield bytes;
      }
    }
  }
}

function decodeOrUndefined(
  codec: Codec<unknown>,
  bytes: Uint8Array,
): { value: unknown } | undefined {
  try {
    return { value: codec.decode(bytes) };
  } catch (error) {
    if (error instanceof ModelsError && error.fault.code === "DECODE") return undefined;
    throw error;
  }
}
