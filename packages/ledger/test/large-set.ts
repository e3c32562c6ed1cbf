import {
  createCertificate,
  createValidatorSet,
  toAccountId,
  toAmount,
  toPublicKey,
  toSignature,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import { type BlockOpening, earliestTimestamp, type LedgerState } from "../src/index.ts";

/** A state after a block as if a set of this size had voted on it; no member has a key of its own. */
export function votedBy(size: number, state: LedgerState): LedgerState {
  const validators = Array.from({ length: size }, (_, at) => {
    const bytes = new Uint8Array(32);
    new DataView(bytes.buffer).setUint32(0, at + 1);
    return { id: toAccountId(bytes), key: toPublicKey(bytes), power: toAmount(1n) };
  });
  return { ...state, previousSet: createValidatorSet(validators) };
}

/** Beginning of the next block when all have voted, for who verifies no signature of it. */
export function openingOn(state: LedgerState): BlockOpening {
  const set = state.previousSet;
  const vote = { sequence: state.header.sequence, view: toView(0), digest: state.digest };
  const signature = toSignature(new Uint8Array(64));
  const votes = set.validators.map((_, at) => ({ voter: toValidatorIndex(at), signature }));
  const proposer = state.votingSet.validators[0]?.id;
  if (proposer === undefined) throw new Error("a set has members");
  const parentCertificate = createCertificate({ phase: "commit", vote, set, votes });
  return { proposer, evidence: [], parentCertificate, now: earliestTimestamp(state) };
}
