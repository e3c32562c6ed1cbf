import type { AccountId, Block, Proof, Resource } from "@aethel/models";
import { toResource } from "@aethel/models";
import { type CheckProof, refuseMalformed, sizedProof } from "../admission/admission.ts";
import type { Judgement, JudgePort } from "../programs/judge-port.ts";
import { accountCoding } from "../state/account-coding.ts";
import type { LedgerState } from "../state/ledger-state.ts";
import { stateKey } from "../state/state-key.ts";
import { claimAbout, type Suspect, suspectsIn } from "./false-claim.ts";

/**
 * Divisor of `blockResourceMax`. The quotient is the most that the Judge may use for the search of
 * one block.
 */
const SEARCH_PART = 8;

/** Options for the search of a block whose proofs this node has not judged. */
export interface ClaimSearch {
  readonly judge: JudgePort;
  readonly checkProof: CheckProof;
  /** State with which the search decides who can pay for a source. */
  readonly state: Pick<LedgerState, "parameters" | "tree">;
  readonly signal: AbortSignal;
}

/**
 * Does the same as `findFalseClaim` for a block that was not judged and may have other defects. So
 * a second defect in a block does not protect those who voted for it.
 *
 * Somebody may send such a block only to cause work. So a source is a suspect only if its proof has
 * the right signatures and its author can pay for it. The Judge is asked about one suspect after
 * the other, and never uses more than `searchResourceMax` for all. In a first round, half of that is
 * divided equally. So every source that the Judge refutes with its part is found, whatever stands
 * beside it. In a second round, the rest goes to the suspects without a verdict, in their order.
 */
export async function searchFalseClaim(
  block: Block,
  { judge, checkProof, state, signal }: ClaimSearch,
): Promise<Uint8Array | undefined> {
  const { proofResourceMax } = state.parameters;
  let left = searchResourceMax(state.parameters);
  let undecided = suspectsIn(block).filter(({ proof }) => isPayable(proof, state, checkProof));
  const part = Math.floor(left / (2 * undecided.length));
  for (const most of undecided.length === 1 ? [left] : [part, left]) {
    const next: Suspect[] = [];
    for (const suspect of undecided) {
      const limit = Math.min(most, proofResourceMax, left);
      if (limit < 1 || signal.aborted) return undefined;
      const judgement = await ask(judge, suspect, toResource(limit), signal);
      left -= usedBy(judgement, limit);
      const claim = claimAbout(block, suspect, judgement);
      if (claim !== undefined) return claim;
      const isUnknown = judgement.type === "judged" && judgement.verdict === "unknown";
      if (isUnknown && limit < proofResourceMax) next.push(suspect);
    }
    undecided = next;
  }
  return undefined;
}

/**
 * Computes the most units that the Judge may use for the search of one block. One proof may use as
 * much in any case, so that no source is too hard to be searched alone.
 */
export function searchResourceMax({
  blockResourceMax,
  proofResourceMax,
}: Pick<LedgerState["parameters"], "blockResourceMax" | "proofResourceMax">): number {
  return Math.max(Math.floor(blockResourceMax / SEARCH_PART), proofResourceMax);
}

function ask(
  judge: JudgePort,
  { source }: Suspect,
  resourceLimit: Resource,
  signal: AbortSignal,
): Promise<Judgement> {
  const options = { resourceLimit, signal, patience: "watchdog" } as const;
  return judge.check({ type: "publish", source }, options);
}

/**
 * Returns the most units that the Judge can have used for an answer. A rejected text costs nothing,
 * because the Judge rejects it before it starts the solver.
 */
function usedBy(judgement: Judgement, limit: number): number {
  switch (judgement.type) {
    case "judged":
      return Math.min(judgement.resource, limit);
    case "rejected":
      return 0;
    case "abstained":
      return limit;
  }
}

/** Whether a proof has the right signatures and its author can pay what it may cost. */
function isPayable(
  proof: Proof,
  state: Pick<LedgerState, "parameters" | "tree">,
  checkProof: CheckProof,
): boolean {
  if (balanceOf(state, proof.body.author) < proof.body.feeLimit) return false;
  return refuseMalformed(sizedProof(proof), state, checkProof) === undefined;
}

function balanceOf({ tree }: Pick<LedgerState, "tree">, id: AccountId): bigint {
  const bytes = tree.get(stateKey.account(id));
  return bytes === undefined ? 0n : accountCoding.decode(bytes).balance;
}
