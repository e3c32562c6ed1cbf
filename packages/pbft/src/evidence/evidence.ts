import {
  compareBytes,
  type Evidence,
  type Phase,
  type Proposal,
  type Sequence,
  type Signature,
  type ValidatorIndex,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import type { Vote } from "../books/vote-book.ts";
import type { SignedDigest } from "../record.ts";
import type { StepContext } from "../step-context.ts";
import { accuse } from "./pending.ts";

/** Accuses a validator of `set` of two votes in one phase and view, for different blocks. */
export function accuseOfDoubleVote(
  context: StepContext,
  where: { readonly phase: Phase; readonly sequence: Sequence; readonly set: ValidatorSet },
  votes: readonly [Vote, Vote],
): void {
  const { phase, sequence, set } = where;
  const accused = identityOf(set, votes[0].voter);
  if (accused === undefined) return;
  const { view } = votes[0];
  accuse(context, { type: "double-vote", ...accused, phase, sequence, view, ...ordered(votes) });
}

/** Accuses a leader of `set` of two proposals in one view, for different blocks. */
export function accuseOfDoubleProposal(
  context: StepContext,
  set: ValidatorSet,
  proposals: readonly [Proposal, Proposal],
): void {
  const accused = identityOf(set, proposals[0].leader);
  if (accused === undefined) return;
  const { sequence, view } = proposals[0];
  accuse(context, { type: "double-proposal", ...accused, sequence, view, ...ordered(proposals) });
}

/**
 * Returns the id of a validator and the key that verified its signatures. Both are from the set in
 * which its votes were counted (B20). Undefined if the set has no such index.
 */
export function identityOf(
  set: ValidatorSet,
  index: ValidatorIndex,
): Pick<Evidence, "validator" | "key"> | undefined {
  const found = validatorAt(set, index);
  return found === undefined ? undefined : { validator: found.id, key: found.key };
}

type Signed = Pick<SignedDigest, "digest"> & { readonly signature: Signature };

function ordered(pair: readonly [Signed, Signed]): { first: Signed; second: Signed } {
  const [left, right] = pair.map(({ digest, signature }) => ({ digest, signature }));
  if (left === undefined || right === undefined) throw new Error("a pair has two");
  const inOrder = compareBytes(left.digest, right.digest) < 0;
  return inOrder ? { first: left, second: right } : { first: right, second: left };
}
