import { ModelsError, sha256, toDigest, toHex } from "@aethel/models";
import {
  type ContractValue,
  decodeStored,
  defaultOf,
  encodeStored,
  equalValues,
  type FieldValue,
  isDefault,
  type ScalarType,
  storedSize,
  type TypedMap,
  type ValueType,
} from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stateKey } from "../../src/index.ts";
import {
  cellBytes,
  cellCoding,
  decodeKeys,
  encodeKeys,
  scalarsCoding,
} from "../../src/state/contract-codings.ts";
import { utf8 } from "../fixtures/world.ts";

const scalarTypes: fc.Arbitrary<ScalarType> = fc.oneof(
  fc.constantFrom<ScalarType>(
    { kind: "account" },
    { kind: "amount" },
    { kind: "int" },
    { kind: "bool" },
    { kind: "digest" },
  ),
  fc.integer({ min: 1, max: 64 }).map((count): ScalarType => {
    const words = Array.from({ length: count }, (_, at) => `Word${at}`);
    return { kind: "enum", name: "Phase", words };
  }),
);

const types: fc.Arbitrary<ValueType> = fc.oneof(
  scalarTypes,
  fc.array(scalarTypes, { minLength: 1, maxLength: 16 }).map((fields): ValueType => {
    const named = fields.map((type, at) => ({ name: `f${at}`, type }));
    return { kind: "record", name: "Deal", fields: named };
  }),
);

const INT_MAX = (1n << 127n) - 1n;
const AMOUNT_MAX = (1n << 64n) - 1n;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toHex);

/** Values of a type; its bounds and its default are frequent. */
function fields(type: ScalarType): fc.Arbitrary<FieldValue> {
  switch (type.kind) {
    case "account":
    case "digest":
      return fc.oneof(fc.constant("0".repeat(64)), bytes32);
    case "amount":
      return fc.oneof(fc.constantFrom(0n, AMOUNT_MAX), fc.bigInt({ min: 0n, max: AMOUNT_MAX }));
    case "int":
      return fc.oneof(
        fc.constantFrom(0n, -1n, INT_MAX, -INT_MAX),
        fc.bigInt({ min: -INT_MAX, max: INT_MAX }),
      );
    case "enum":
      return fc.nat({ max: type.words.length - 1 }).map(BigInt);
    case "bool":
      return fc.boolean();
  }
}

const valuesOf = (type: ValueType): fc.Arbitrary<ContractValue> =>
  type.kind === "record"
    ? fc.tuple(...type.fields.map((field) => fields(field.type)))
    : fields(type);

const typed = types.chain((type) => fc.tuple(fc.constant(type), valuesOf(type)));

/** Bytes of the size of a type or of another size; bytes at the ends of ranges are frequent. */
const bytesFor = (type: ValueType): fc.Arbitrary<Uint8Array> => {
  const size = storedSize(type);
  const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat({ max: 255 }));
  return fc
    .oneof(fc.constant(size), fc.constant(size), fc.nat({ max: size + 2 }))
    .chain((length) => fc.array(byte, { minLength: length, maxLength: length }))
    .map((bytes) => Uint8Array.from(bytes));
};

const mapOf = (keys: readonly ScalarType[], value: ValueType): TypedMap => ({
  name: "m",
  keys,
  value,
  initial: [],
  promise: undefined,
  span: { start: { offset: 0, line: 1, column: 1 }, end: { offset: 0, line: 1, column: 1 } },
});

describe("a stored value", () => {
  test("is decoded to itself, and has the size of its type", () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        const bytes = encodeStored(value, type);
        expect(bytes).toHaveLength(storedSize(type));
        expect(decodeStored(bytes, type)).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  test("has one encoding: any bytes are refused, or are what their value is encoded to", () => {
    const seen = { refused: 0, read: 0 };
    fc.assert(
      fc.property(
        types.chain((type) => fc.tuple(fc.constant(type), bytesFor(type))),
        ([type, bytes]) => {
          const value = decodeStored(bytes, type);
          seen[value === undefined ? "refused" : "read"] += 1;
          if (value !== undefined) expect(encodeStored(value, type)).toEqual(bytes);
        },
      ),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect(Math.min(seen.refused, seen.read)).toBeGreaterThan(100);
  });

  test("differs from each other value in its bytes", () => {
    const pairs = types.chain((type) =>
      fc.tuple(fc.constant(type), valuesOf(type), valuesOf(type)),
    );
    fc.assert(
      fc.property(pairs, ([type, left, right]) => {
        const [a, b] = [encodeStored(left, type), encodeStored(right, type)].map(toHex);
        expect(a === b).toBe(equalValues(left, right));
      }),
      { numRuns: 300 },
    );
  });

  test("a number below the range of Int, a third truth and a missing word are no values", () => {
    const least = Uint8Array.of(0x80, ...new Uint8Array(15));
    expect(decodeStored(least, { kind: "int" })).toBeUndefined();
    expect(decodeStored(Uint8Array.of(2), { kind: "bool" })).toBeUndefined();
    const phase = { kind: "enum", name: "Phase", words: ["A", "B"] } as const;
    expect(decodeStored(Uint8Array.of(1), phase)).toBe(1n);
    expect(decodeStored(Uint8Array.of(2), phase)).toBeUndefined();
  });
});

describe("a cell", () => {
  test("has its own coding and size, and is absent when it equals its default", () => {
    fc.assert(
      fc.property(typed, fc.array(scalarTypes, { minLength: 1, maxLength: 2 }), (of, keys) => {
        const [type, value] = of;
        const map = mapOf(keys, type);
        const coding = cellCoding(map);
        const nothing = encodeStored(defaultOf(type), type);
        expect(() => coding.decode(nothing)).toThrow(ModelsError);
        if (isDefault(value, type)) {
          expect(() => coding.encode(value)).toThrow(/absent/);
          return;
        }
        const bytes = coding.encode(value);
        expect(coding.decode(bytes)).toEqual(value);
        const size = keys.reduce((sum, key) => sum + storedSize(key), 0);
        const place = { map: 3, keys: new Uint8Array(size) };
        const key = stateKey.cell(toDigest(sha256(utf8("c"))), place);
        expect(cellBytes(map)).toBe(key.length + bytes.length);
      }),
      { numRuns: 300 },
    );
  });

  test("is under a key of its own: contract, map and keys tell it apart", () => {
    const places = fc.record({
      contract: fc.nat({ max: 2 }),
      map: fc.nat({ max: 2 }),
      keys: fc.tuple(fc.bigInt({ min: -2n, max: 2n }), fc.bigInt({ min: 0n, max: 2n })),
    });
    const map = mapOf([{ kind: "int" }, { kind: "amount" }], { kind: "bool" });
    const keyOf = ({
      contract,
      map: at,
      keys,
    }: typeof places extends fc.Arbitrary<infer P> ? P : never) =>
      toHex(
        stateKey.cell(toDigest(sha256(utf8(`contract ${contract}`))), {
          map: at,
          keys: encodeKeys(map, keys),
        }),
      );
    const textOf = (place: object): string =>
      JSON.stringify(place, (_, value) => (typeof value === "bigint" ? String(value) : value));
    fc.assert(
      fc.property(places, places, (left, right) => {
        expect(keyOf(left) === keyOf(right)).toBe(textOf(left) === textOf(right));
      }),
      { numRuns: 500 },
    );
  });

  test("has keys that are decoded to themselves, or refused", () => {
    const keyed = fc
      .array(scalarTypes, { minLength: 1, maxLength: 2 })
      .chain((keys) => fc.tuple(fc.constant(keys), fc.tuple(...keys.map(fields)), fc.nat()));
    fc.assert(
      fc.property(keyed, ([types_, keys, noise]) => {
        const map = mapOf(types_, { kind: "bool" });
        const bytes = encodeKeys(map, keys);
        expect(decodeKeys(map, bytes)).toEqual(keys);
        const longer = Uint8Array.of(...bytes, noise % 256);
        expect(() => decodeKeys(map, longer)).toThrow(ModelsError);
        expect(() => decodeKeys(map, bytes.subarray(1))).toThrow(ModelsError);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the scalars of a contract", () => {
  test("stand in the order of their declarations, each with its size, and nothing after them", () => {
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 6 }), fc.nat({ max: 255 }), (some, noise) => {
        const scalars = some.map(([type, initial], at) => ({
          name: `s${at}`,
          type,
          initial,
          span: mapOf([], { kind: "bool" }).span,
        }));
        const values = some.map(([, value]) => value);
        const coding = scalarsCoding({ scalars });
        const bytes = coding.encode(values);
        const parts = some.flatMap(([type, value]) => [...encodeStored(value, type)]);
        expect([...bytes]).toEqual(parts);
        expect(coding.decode(bytes)).toEqual(values);
        expect(() => coding.decode(Uint8Array.of(...bytes, noise))).toThrow(ModelsError);
        if (bytes.length > 0) expect(() => coding.decode(bytes.slice(0, -1))).toThrow(ModelsError);
      }),
      { numRuns: 300 },
    );
  });
});
