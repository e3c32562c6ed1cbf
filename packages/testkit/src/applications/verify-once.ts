import {
  equalBytes,
  type PublicKey,
  type Signable,
  type VerifySigned,
  verifySigned,
} from "@aethel/models";

interface Verified {
  readonly key: PublicKey;
  readonly object: Signable;
  readonly holds: boolean;
}

/**
 * Creates a `verifySigned` that verifies each signature only once. All nodes of a world share one
 * process, and they verify the same signatures.
 */
export function createVerifyOnce(): VerifySigned {
  const answers = new WeakMap<Uint8Array, Verified[]>();
  return (key, object, signature) => {
    const known = answers.get(signature) ?? [];
    const answer = known.find((each) => isSameQuestion(each, key, object));
    if (answer !== undefined) return answer.holds;
    const holds = verifySigned(key, object, signature);
    known.push({ key, object, holds });
    answers.set(signature, known);
    return holds;
  };
}

function isSameQuestion(known: Verified, key: PublicKey, object: Signable): boolean {
  return (
    known.object.tag === object.tag &&
    equalBytes(known.key, key) &&
    equalBytes(known.object.genesis, object.genesis) &&
    equalBytes(known.object.bytes, object.bytes)
  );
}
