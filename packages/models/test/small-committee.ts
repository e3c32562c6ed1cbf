import {
  type AccountId,
  createCertificate,
  createSigner,
  createValidatorSet,
  type Digest,
  findCertificateDefect,
  type PublicKey,
  type QuorumCertificate,
  type Sequence,
  type Signable,
  type Signature,
  sha256,
  signableVote,
  signingRoot,
  toAccountId,
  toAmount,
  toHex,
  toSequence,
  toValidatorIndex,
  toView,
  type ValidatorIndex,
  type View,
  validatorAt,
  verifySigned,
} from "../src/index.ts";

// Four validators of equal power, and what they sign.

export const genesis = sha256(new Uint8Array([1]));
export const signers = [1, 2, 3, 4].map((seed) => createSigner(new Uint8Array(32).fill(seed)));
export const set = createValidatorSet(
  signers.map(({ publicKey }) => ({
    id: toAccountId(publicKey),
    key: publicKey,
    power: toAmount(1n),
  })),
);
export const at = { sequence: toSequence(7), view: toView(3) };
export const vote = { ...at, digest: sha256(genesis) };
/** The block before: what a parent certificate is for. */
export const parentVote = { ...at, sequence: toSequence(6), digest: sha256(new Uint8Array([9])) };
export const voter = toValidatorIndex(2);

interface Vote {
  readonly sequence: Sequence;
  readonly view: View;
  readonly digest: Digest;
}

export function certificateFor(phase: "prepare" | "commit", of: Vote): QuorumCertificate {
  const votes = [0, 1, 3].map((index) => {
    const by = toValidatorIndex(index);
    return { voter: by, signature: sign(by, signableVote(phase, genesis, of)) };
  });
  return createCertificate({ phase, vote: of, set, votes });
}

export function accusedBy(index: ValidatorIndex): { validator: AccountId; key: PublicKey } {
  const member = validatorAt(set, index);
  if (member === undefined) throw new Error(`no member ${index}`);
  return { validator: member.id, key: member.key };
}

export function sign(index: ValidatorIndex, object: Signable): Signature {
  const { key } = accusedBy(index);
  const signer = signers.find(({ publicKey }) => publicKey.toString() === key.toString());
  if (signer === undefined) throw new Error(`no signer ${index}`);
  return signer.sign(object);
}

const verified = new Map<string, boolean>();

/** Most flips leave most signatures of an object as they were: each is verified once. */
export function verifyOnce(key: PublicKey, object: Signable, signature: Signature): boolean {
  const name = [key, signingRoot(object), signature].map((part) => toHex(part)).join();
  const known = verified.get(name) ?? verifySigned(key, object, signature);
  verified.set(name, known);
  return known;
}

export function isSignedBy(index: ValidatorIndex, object: Signable, signature: Signature): boolean {
  const member = validatorAt(set, index);
  return member !== undefined && verifyOnce(member.key, object, signature);
}

export function isCertificate(certificate: QuorumCertificate | undefined): boolean {
  return (
    certificate !== undefined &&
    findCertificateDefect({ certificate, set, genesis, verify: verifyOnce }) === undefined
  );
}
