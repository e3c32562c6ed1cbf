import { bls12_381 } from "@noble/curves/bls12-381.js";
import { fixedBytes, struct } from "../../src/codec/index.ts";
import {
  type AccountId,
  type CertificateScheme,
  type Signable,
  type Signature,
  signingRoot,
  toHex,
  toSignature,
} from "../../src/index.ts";

// A second scheme, for tests alone: BLS12-381 with signatures in G1. A vote's share has 48 bytes
// and travels in the 64 of a vote's signature; the seal is one point for all signers.

const { shortSignatures: bls } = bls12_381;
type BlsKey = ReturnType<typeof bls.getPublicKey>;

/** A real chain keeps these in its state, each with a proof of possession. */
const keys = new Map<string, BlsKey>();

export function registerBlsKey(id: AccountId, secret: Uint8Array): void {
  keys.set(toHex(id), bls.getPublicKey(secret));
}

export function blsShare(secret: Uint8Array, object: Signable): Signature {
  const point = bls.sign(bls.hash(signingRoot(object)), secret);
  const share = new Uint8Array(64);
  share.set(bls.Signature.toBytes(point));
  return toSignature(share);
}

const BlsSeal = struct("BlsSeal", { signature: fixedBytes(48) });

export const blsScheme: CertificateScheme<{ readonly signature: Uint8Array }> = {
  body: BlsSeal,
  seal({ signatures }) {
    const shares = signatures.map((share) => share.slice(0, 48));
    return { signature: bls.Signature.toBytes(bls.aggregateSignatures(shares)) };
  },
  findDefect({ body, signers, object }) {
    const known = signers.flatMap(({ id }) => keys.get(toHex(id)) ?? []);
    if (known.length !== signers.length) return "signature-count";
    try {
      const message = bls.hash(signingRoot(object));
      const all = bls.aggregatePublicKeys(known);
      return bls.verify(body.signature, message, all) ? undefined : "bad-signature";
    } catch {
      return "bad-signature";
    }
  },
};
