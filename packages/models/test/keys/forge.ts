import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { expect } from "vitest";
import {
  concatBytes,
  defaultBackend,
  fromHex,
  nobleBackend,
  toPublicKey,
  toSignature,
  verifySignature,
} from "../../src/index.ts";

// Signatures that no signer makes, from noble's ready-made curve: not the one under test.

export const { Point } = ed25519;
export type CurvePoint = typeof Point.BASE;
export const ORDER = Point.Fn.ORDER;
export const FIELD = Point.Fp.ORDER;

/** The eight points of which eight times is zero. */
export const TORSION: readonly CurvePoint[] = ED25519_TORSION_SUBGROUP.map((hex) =>
  Point.fromHex(hex),
);

/** The same answer from both back ends, or a failure that shows which differs. */
export function bothVerify(key: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  const [pk, sig] = [toPublicKey(key), toSignature(signature)];
  const answers = [defaultBackend(), nobleBackend].map((backend) =>
    verifySignature(pk, text, sig, backend),
  );
  expect(answers[0]).toBe(answers[1]);
  return answers[0] === true;
}

export interface Forgery {
  readonly secret: bigint;
  readonly nonce: bigint;
  readonly message: Uint8Array;
  /** Added to A, with S computed for the A that is sent. */
  readonly keyTorsion?: CurvePoint;
  /** Added to R, with S computed for the R that is sent. */
  readonly nonceTorsion?: CurvePoint;
}

/** Satisfies the equation up to torsion; exactly, when there is none. */
export function forge(options: Forgery): { key: Uint8Array; signature: Uint8Array } {
  const { secret, nonce, message, keyTorsion = Point.ZERO, nonceTorsion = Point.ZERO } = options;
  const key = times(secret).add(keyTorsion).toBytes();
  const r = times(nonce).add(nonceTorsion).toBytes();
  return { key, signature: seal({ secret, nonce, message, key, r }) };
}

/** A signature with these very bytes as R. */
export function seal(options: {
  readonly secret: bigint;
  readonly nonce: bigint;
  readonly message: Uint8Array;
  readonly key: Uint8Array;
  readonly r: Uint8Array;
}): Uint8Array {
  const { secret, nonce, message, key, r } = options;
  const k = littleEndian(sha512(concatBytes(r, key, message))) % ORDER;
  return concatBytes(r, encode32((nonce + k * secret) % ORDER));
}

/** Any multiple, zero included. */
export function times(scalar: bigint): CurvePoint {
  const reduced = ((scalar % ORDER) + ORDER) % ORDER;
  return reduced === 0n ? Point.ZERO : Point.BASE.multiply(reduced);
}

export function encode32(value: bigint): Uint8Array {
  return fromHex(value.toString(16).padStart(64, "0")).toReversed();
}

export function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/**
 * Every encoding of a point of small order that some decoder accepts: the eight canonical ones,
 * y + p where it fits in 255 bits, and x = 0 with the sign bit set.
 */
export function smallOrderEncodings(): readonly Uint8Array[] {
  const canonical = TORSION.map((point) => point.toBytes());
  const sign = 1n << 255n;
  const others = [0n, 1n].flatMap((y) => [FIELD + y, FIELD + y + sign]);
  return [...canonical, ...others.map(encode32), encode32(1n + sign), encode32(FIELD - 1n + sign)];
}
