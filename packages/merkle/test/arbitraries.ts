import fc from "fast-check";
import { type Change, type Hasher, MerkleError, nobleHasher } from "../src/index.ts";

/** Few short keys, so that changes collide, mixed with arbitrary keys. */
export const keys: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 1, max: 40 }),
  fc.uint8Array({ minLength: 1, maxLength: 256 }),
);

export const values: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 1, maxLength: 80 });

/** Sets and deletes, of several sizes. */
export const changeLists: fc.Arbitrary<Change[]> = fc.array(
  fc.record({ key: keys, value: fc.option(values, { nil: undefined, freq: 4 }) }),
  { maxLength: 60 },
);

/**
 * Hasher that uses a key of 32 bytes as its own path, so that a test chooses the shape. Keys are
 * the only 32-byte messages as long as values are shorter.
 */
export const pathHasher: Hasher = {
  ...nobleHasher,
  digest: (message) =>
    message.length === 32 ? new Uint8Array(message) : nobleHasher.digest(message),
};

/** Keys for `pathHasher` that share prefixes of any length up to 255 bits. */
export const closePaths: fc.Arbitrary<Uint8Array> = fc
  .record({
    base: fc.constantFrom(0x00, 0xff, 0x5a),
    flips: fc.array(fc.nat(255), { maxLength: 3 }),
  })
  .map(({ base, flips }) => {
    const path = new Uint8Array(32).fill(base);
    for (const bit of flips) path[bit >>> 3] = (path[bit >>> 3] ?? 0) ^ (0x80 >>> (bit & 7));
    return path;
  });

/** Copy with one bit flipped. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const at = bit % (bytes.length * 8);
  return bytes.with(at >>> 3, (bytes[at >>> 3] ?? 0) ^ (0x80 >>> (at & 7)));
}

/** Model of `update`: applies the changes to a map, one by one. */
export function applyToMap(
  map: ReadonlyMap<string, Uint8Array>,
  changes: readonly Change[],
): ReadonlyMap<string, Uint8Array> {
  const next = new Map(map);
  for (const { key, value } of changes) {
    if (value === undefined) next.delete(hex(key));
    else next.set(hex(key), value);
  }
  return next;
}

export function pairsOf(
  map: ReadonlyMap<string, Uint8Array>,
): readonly { readonly key: Uint8Array; readonly value: Uint8Array }[] {
  return [...map].map(([key, value]) => ({ key: new Uint8Array(Buffer.from(key, "hex")), value }));
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Fault that the action throws; any other result fails the test. */
export function faultOf(action: () => unknown): MerkleError["fault"] {
  try {
    action();
  } catch (error) {
    if (error instanceof MerkleError) return error.fault;
    throw error;
  }
  throw new Error("nothing was thrown");
}
