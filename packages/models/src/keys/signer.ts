import { ModelsError } from "../errors.ts";
import { signingRoot, type Tag } from "../hash.ts";
import { type Digest, type PublicKey, type Signature, toPublicKey, toSignature } from "../ids.ts";
import { defaultBackend, verifySignature } from "./ed25519.ts";
import type { Ed25519Backend } from "./ed25519-backend.ts";

/** Holder of a secret key that can sign. A remote or hardware signer can implement it too. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** Signs the 32-byte signing root of an object with Ed25519 (RFC 8032). */
  sign(object: Signable): Signature;
}

/** Object that can be signed: its kind, its chain, and its canonical bytes. */
export interface Signable {
  readonly tag: Tag;
  readonly genesis: Digest;
  readonly bytes: Uint8Array;
}

/**
 * Creates a signer from a secret, which is a seed as in RFC 8032.
 * @throws ModelsError `RANGE` unless `secret` has 32 bytes.
 */
export function createSigner(secret: Uint8Array, by: Ed25519Backend = defaultBackend()): Signer {
  if (secret.length !== 32) {
    const reason = `expected 32 bytes, got ${secret.length}`;
    throw new ModelsError({ code: "RANGE", what: "secret key", reason });
  }
  const own = new Uint8Array(secret); // `slice` of a Buffer would share its memory
  return {
    publicKey: toPublicKey(by.publicKeyOf(own)),
    sign: (object) => toSignature(by.sign(own, signingRoot(object))),
  };
}

/** Whether `signature` is the signature of `object` by `key`. Never throws. */
export function verifySigned(key: PublicKey, object: Signable, signature: Signature): boolean {
  return verifySignature(key, signingRoot(object), signature);
}
