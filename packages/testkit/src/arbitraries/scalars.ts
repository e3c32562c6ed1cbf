import {
  type Amount,
  type Digest,
  type Root,
  type Sequence,
  type Signature,
  toAmount,
  toDigest,
  toRoot,
  toSequence,
  toSignature,
  toView,
  type View,
} from "@aethel/models";
import fc from "fast-check";

/** Any 32 bytes. */
export const bytes32: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 });

export const digests: fc.Arbitrary<Digest> = bytes32.map((bytes) => toDigest(bytes));

/** Any 64 bytes; almost never the signature of anything. */
export const signatures: fc.Arbitrary<Signature> = fc
  .uint8Array({ minLength: 64, maxLength: 64 })
  .map(toSignature);

export const roots: fc.Arbitrary<Root> = bytes32.map((bytes) => toRoot(bytes));

/** Sequences from 1 on; half of them are at most 100. */
export const sequences: fc.Arbitrary<Sequence> = fc
  .oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
  .map(toSequence);

export const views: fc.Arbitrary<View> = fc.oneof(fc.nat({ max: 5 }), fc.nat()).map(toView);

/** Any amount; half of them are at most ten tokens. */
export const amounts: fc.Arbitrary<Amount> = fc
  .oneof(fc.bigInt({ min: 0n, max: 10_000_000n }), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }))
  .map(toAmount);

export function optional<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(item, { nil: undefined });
}
