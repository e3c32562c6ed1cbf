import { ModelsError } from "../errors.ts";
import { signingRoot, type Tag } from "../hash.ts";
import { type Digest, type PublicKey, type Signature, toPublicKey, toSignature } from "../ids.ts";
import { defaultBackend, verifySignature } from "./ed25519.ts";
import type { Ed25519Backend } from "./ed25519-backend.ts";

/** Holds a secret key and signs with it. A remote or hardware signer can stand in its place. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** Ed25519 (RFC 8032) over the 32-byte signing root of an object. */
  sign(object: Signable): Signature;
}

/** What a signature is bound to: the kind of object, the chain, and the object's canonical bytes. */
export interface Signable {
  readonly tag: Tag;
  readonly genesis: Digest;
  readonly bytes: Uint8Array;
}

/** @throws ModelsError `RANGE` unless `secret` (the RFC 8032 seed) has 32 bytes. It is copied. */
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

/** Whether `signature` is one by `key` on `object`. Never throws. */
export function verifySigned(key: PublicKey, object: Signable, signature: Signature): boolean {
  return verifySignature(key, signingRoot(object), signature);
}
