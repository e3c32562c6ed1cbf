import { type Infer, list, signature, struct } from "../codec/index.ts";
import { VALIDATORS_MAX } from "../limits.ts";
import type { CertificateScheme } from "./certificate-scheme.ts";

/** Seal with one signature for each signer, in ascending order of index. */
export const Ed25519Seal = struct("Ed25519Seal", { signatures: list(signature, VALIDATORS_MAX) });
export type Ed25519Seal = Infer<typeof Ed25519Seal>;

/** Scheme with a list of signatures: 64 bytes and one verification for each signer. */
export const ed25519Scheme: CertificateScheme<Ed25519Seal> = {
  body: Ed25519Seal,
  seal: ({ signatures }) => ({ signatures }),
  findDefect({ body, signers, object, verify }) {
    const { signatures } = body;
    if (signatures.length !== signers.length) return "signature-count";
    const allSigned = signers.every((signer, at) => {
      const one = signatures[at];
      return one !== undefined && verify(signer.key, object, one);
    });
    return allSigned ? undefined : "bad-signature";
  },
};
