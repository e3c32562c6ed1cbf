import type { PublicKey, Signature } from "../ids.ts";

/**
 * Ed25519 verification, one rule for every back end; a disagreement would fork a chain.
 *
 * Accepts exactly when S < L, A and R are canonical encodings (RFC 8032 §5.1.3), A lies in the
 * prime-order subgroup and is not small, R is not the identity, and the cofactorless equation of RFC 8032 §5.1.7,
 * `encode([S]B - [k]A) == R`, holds byte for byte.
 */
export interface Ed25519Backend {
  readonly name: "node" | "noble";
  /** The equation alone; callers have checked S, R and A already. */
  equationHolds(key: PublicKey, message: Uint8Array, signature: Signature): boolean;
  /** RFC 8032 §5.1.6; `secret` is the 32-byte seed. */
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  /** RFC 8032 §5.1.5. */
  publicKeyOf(secret: Uint8Array): Uint8Array;
}
