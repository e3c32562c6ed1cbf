import { type EdDSA, eddsa, edwards } from "@noble/curves/abstract/edwards.js";
import { sha512 } from "@noble/hashes/sha2.js";

/**
 * Curve parameters, RFC 8032 §5.1, table 1. A test compares them with `@noble/curves/ed25519.js`.
 */
const ED25519 = {
  p: 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn,
  n: 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn,
  h: 8n,
  a: 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffecn,
  d: 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n,
  Gx: 0x216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51an,
  Gy: 0x6666666666666666666666666666666666666666666666666666666666666658n,
} as const;

let curve: EdDSA | undefined;

/**
 * Returns the Ed25519 implementation of noble, made at the first use from noble's parts. Noble's
 * ready-made module also contains five other protocols and takes 20 ms to load; this takes 2
 * (measured).
 *
 * Its `verify` follows another rule than `verifySignature`.
 */
export function ed25519Curve(): EdDSA {
  curve ??= eddsa(edwards(ED25519, { uvRatio }), sha512, { adjustScalarBytes });
  return curve;
}

/** Adjusts the bytes of a secret scalar, RFC 8032 §5.1.5, step 2. */
function adjustScalarBytes(bytes: Uint8Array): Uint8Array {
  bytes[0] = (bytes[0] ?? 0) & 0b1111_1000;
  bytes[31] = ((bytes[31] ?? 0) & 0b0111_1111) | 0b0100_0000;
  return bytes;
}

/** Computes a square root of u/v, if there is one, RFC 8032 §5.1.3, steps 2 and 3. */
function uvRatio(u: bigint, v: bigint): { isValid: boolean; value: bigint } {
  const v3 = modP(v * v * v);
  const x = modP(modP(u * v3) * power(modP(modP(u * v3) * modP(v3 * v)), (ED25519.p - 5n) / 8n));
  const check = modP(v * modP(x * x));
  if (check === modP(u)) return { isValid: true, value: x };
  if (check === modP(-u)) return { isValid: true, value: modP(x * SQRT_OF_MINUS_1) };
  return { isValid: false, value: 0n };
}

/** Square root of -1 modulo `p`: `2^((p-1)/4)`. */
const SQRT_OF_MINUS_1 = 0x2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0n;

function modP(value: bigint): bigint {
  const rest = value % ED25519.p;
  return rest < 0n ? rest + ED25519.p : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = modP(result * square);
    square = modP(square * square);
  }
  return result;
}
