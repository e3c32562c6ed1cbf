import {
  type AccountId,
  concatBytes,
  createSigner,
  createValidatorSet,
  type Digest,
  equalBytes,
  type Signer,
  sha256,
  signingRoot,
  toAccountId,
  toAmount,
  toPublicKey,
  toSignature,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import { createRememberingVerify } from "../src/inbox/remembering-verify.ts";

/** Scheme of signatures. */
export type Scheme = "hashed" | "ed25519" | "trusted";

const noSignature = toSignature(new Uint8Array(64));

/** Many nodes in one process verify the same signatures. */
const remembering = createRememberingVerify();

export const GENESIS: Digest = sha256(new TextEncoder().encode("a chain for tests"));

/** A member in the order of the set. */
export interface Member {
  readonly id: AccountId;
  readonly signer: Signer;
}

/** A set with its members' signers, in the order of the set. */
export interface Membership {
  readonly set: ValidatorSet;
  readonly members: readonly Member[];
  readonly verify: VerifySigned;
}

/**
 * `hashed` signatures can be forged by who wants to, and cost a hash: for tests in which nobody
 * forges, and that check thousands. `ed25519` where signatures themselves matter. `trusted`: none
 * at all, for runs that are enumerated.
 */
export function createMembership(powers: readonly number[], scheme: Scheme = "hashed"): Membership {
  const signers = powers.map((_, at) => {
    const secret = sha256(new Uint8Array([at % 256, at >> 8, 7]));
    if (scheme === "ed25519") return createSigner(secret);
    const publicKey = toPublicKey(secret);
    if (scheme === "trusted") return { publicKey, sign: () => noSignature };
    const sign: Signer["sign"] = (object) => hashedSignature(publicKey, object);
    return { publicKey, sign };
  });
  const set = createValidatorSet(
    signers.map((signer, at) => ({
      id: toAccountId(sha256(signer.publicKey)),
      key: signer.publicKey,
      power: toAmount(BigInt(powers[at] ?? 1)),
    })),
  );
  const members = set.validators.map(({ id, key }) => {
    const signer = signers.find(({ publicKey }) => equalBytes(publicKey, key));
    if (signer === undefined) throw new Error("every validator has a signer");
    return { id, signer };
  });
  const hashedVerify: VerifySigned = (key, object, signature) =>
    equalBytes(hashedSignature(key, object), signature);
  const verify = { hashed: hashedVerify, ed25519: remembering, trusted: () => true }[scheme];
  return { set, members, verify };
}

function hashedSignature(
  key: Uint8Array,
  object: Parameters<Signer["sign"]>[0],
): ReturnType<Signer["sign"]> {
  const half = sha256(concatBytes(key, signingRoot(object)));
  return toSignature(concatBytes(half, half));
}
