import type { PublicKey, Signature } from "../ids.ts";

/**
 * Implementation of Ed25519. All implementations follow one rule of verification: if two disagreed,
 * a chain would fork.
 *
 * A signature is valid exactly if S < L, A and R are canonical encodings (RFC 8032 §5.1.3), A is in
 * the prime-order subgroup and not of small order, R is not the identity, and the cofactorless
 * equation of RFC 8032 §5.1.7, `encode([S]B - [k]A) == R`, holds byte for byte.
 */
export interface Ed25519Backend {
  readonly name: "node" | "noble";
  /** Checks only the equation. Callers have checked S, R and A. */
  equationHolds(key: PublicKey, message: Uint8Array, signature: Signature): boolean;
  /** Signs by RFC 8032 §5.1.6. `secret` is the 32-byte seed. */
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  /** Derives the public key by RFC 8032 §5.1.5. */
  publicKeyOf(secret: Uint8Array): Uint8Array;
}
