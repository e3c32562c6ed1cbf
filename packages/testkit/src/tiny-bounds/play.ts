import {
  Account,
  beginBlock,
  type ExecutedBlock,
  type ExecutionTools,
  earliestTimestamp,
  executeBlock,
  type Judgement,
  type LedgerState,
  RESULT_CODES,
  Receipt,
  sealBlock,
  stateAfter,
  stateKey,
} from "@aethel/ledger";
import {
  type AccountId,
  Block,
  createCertificate,
  type Evidence,
  leaderOf,
  type Proof,
  type QuorumCertificate,
  StateTransition,
  type Timestamp,
  toHex,
  toSequence,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import type { Random } from "../random.ts";
import { drawEvidence, drawWishes, proofOf, UNSIGNED, type Wish } from "./act.ts";
import type { TinyLedger } from "./draw-tiny.ts";
import { drawExtreme, type Extreme } from "./extremes.ts";

/** Content of one block of a ledger with tiny bounds, before the block is built. */
export interface TinyRound {
  readonly now: Timestamp;
  readonly voters: readonly number[];
  readonly evidence: readonly Evidence[];
  readonly wishes: readonly Wish[];
  /**
   * Functions that each draw a proof at the limits of its codec. They are called when the block
   * gets to them, since only then the next nonces are known.
   */
  readonly extremes: readonly ((nonceOf: (id: AccountId) => number) => Extreme)[];
}

/** An executed block, and the bounds and other notable outcomes that it reached. */
export interface TinyStep {
  readonly executed: Extract<ExecutedBlock, { readonly type: "executed" }>;
  readonly reached: readonly string[];
}

/** Returns tools for execution that accept every signature, in proofs and in evidence. */
export function toolsOf({ programs, bounds }: TinyLedger): ExecutionTools {
  return { programs, bounds, checkProof: () => undefined, verifySigned: () => true };
}

/**
 * Draws the content of a block: who votes, how much time passes, the calls, and whom evidence
 * accuses.
 */
export function drawRound(random: Random, tiny: TinyLedger, state: LedgerState): TinyRound {
  const { epochMs, unbondingMs } = state.parameters;
  const { sequence } = state.header;
  const waits = [
    0,
    0,
    0,
    epochMs / 2,
    epochMs,
    3 * epochMs,
    ...(random.chance(0.1) ? [unbondingMs] : []),
  ];
  const evidence = random.chance(0.15)
    ? Array.from({ length: 1 + random.below(4) }, () => drawEvidence(random, tiny, state))
    : [];
  return {
    now: toTimestamp(earliestTimestamp(state) + random.pick(waits)),
    voters: drawVoters(random, state),
    evidence,
    wishes: drawWishes(random, tiny, random.pick([2, 4, 12])),
    extremes: Array.from(
      { length: random.below(5) },
      (_, at) => (nonceOf) => drawExtreme(random.fork(`extreme ${sequence} ${at}`), tiny, nonceOf),
    ),
  };
}

/**
 * Returns the content of a block without calls, an epoch after the last one, for which everybody
 * votes.
 */
export function quietRound(state: LedgerState): TinyRound {
  const { length } = state.previousSet.validators;
  return {
    now: toTimestamp(earliestTimestamp(state) + state.parameters.epochMs),
    voters: Array.from({ length }, (_, at) => at),
    evidence: [],
    wishes: [],
    extremes: [],
  };
}

/**
 * Draws the voters. Some validators are absent for twelve sequences at a time; the rest is a quorum
 * in any case.
 */
function drawVoters(random: Random, { previousSet, header }: LedgerState): readonly number[] {
  const { validators, totalPower } = previousSet;
  const isAway = (at: number): boolean => (Math.floor(header.sequence / 12) + at) % 3 === 0;
  let included: bigint = totalPower;
  return validators.flatMap(({ power }, at) => {
    const wantsAway = isAway(at) || random.chance(0.05);
    if (!wantsAway || 3n * (included - power) <= 2n * totalPower) return [at];
    included -= power;
    return [];
  });
}

/**
 * Builds a block as a leader does, without the proofs that the ledger refuses, and executes it as a
 * voter does.
 * @throws Error if the block cannot begin or end, or if a voter refuses it: neither may happen
 */
export function playRound(tiny: TinyLedger, state: LedgerState, round: TinyRound): TinyStep {
  const tools = toolsOf(tiny);
  const parentCertificate = certificateOf(state, round.voters);
  const proposer = scheduledLeader(state);
  const reached = new Set<string>();
  const opening = { now: round.now, proposer, parentCertificate };
  const evidence = admissible(round.evidence, (taken) => {
    const begun = beginBlock(state, { ...opening, evidence: taken }, tools);
    if (begun.type !== "defect" || begun.code !== "evidence") return true;
    reached.add(`evidence ${begun.defect}`);
    return false;
  });
  if (evidence.length > 0) reached.add("convicted");
  const begun = beginBlock(state, { ...opening, evidence }, tools);
  if (begun.type === "defect") throw new Error(`a block cannot begin: ${begun.code}`);
  const proofs: Proof[] = [];
  const wished: string[] = [];
  const nonceOf = nonces(state);
  const judgements: (Judgement | undefined)[] = [];
  const add = (what: string, { proof, judgement }: Extreme): void => {
    const refusal = begun.run.add(proof, judgement);
    if (refusal !== undefined) {
      reached.add(`refused ${refusal.code}`);
      return;
    }
    wished.push(what);
    proofs.push(proof);
    judgements.push(judgement);
    nonceOf.used(proof);
  };
  for (const wish of round.wishes) {
    add(wish.type, { proof: proofOf(wish, tiny, nonceOf.next), judgement: undefined });
  }
  for (const draw of round.extremes) {
    const extreme = draw(nonceOf.next);
    add(`extreme ${extreme.proof.body.type}`, extreme);
  }
  const execution = begun.run.finish();
  const block = sealBlock(state, { ...opening, evidence, proofs }, execution);
  const voted = executeBlock(state, Block.decode(Block.encode(block)), judgements, tools);
  if (voted.type === "invalid") throw new Error(`voters refuse the block: ${voted.reason}`);
  // Data that a block leaves for stores and peers has bounds too.
  StateTransition.encode(execution.transition);
  for (const [at, receipt] of execution.receipts.entries()) {
    Receipt.encode(receipt);
    reached.add(`${outcomeOf(receipt)}: ${wished[at]}`);
  }
  const executed = { type: "executed" as const, ...stateAfter(state, block.header, execution) };
  return { executed, reached: [...reached] };
}

function outcomeOf(receipt: Receipt): string {
  const { outcome, errorCode } = receipt;
  return outcome === "forbidden" ? (NAMES.get(errorCode) ?? outcome) : outcome;
}

const NAMES = new Map<number, string>(
  Object.entries(RESULT_CODES).map(([name, code]) => [code, name]),
);

/**
 * Returns those of the offered pieces of evidence with which a block can begin. They are tried one
 * after the other, each together with the ones already taken.
 */
function admissible(
  offered: readonly Evidence[],
  isAdmitted: (taken: readonly Evidence[]) => boolean,
): readonly Evidence[] {
  let taken: readonly Evidence[] = [];
  for (const item of offered) if (isAdmitted([...taken, item])) taken = [...taken, item];
  return taken;
}

/**
 * Returns the next nonces of accounts while a block is built. `used` records that a proof has used
 * one nonce of each of its signers.
 */
function nonces(state: LedgerState): {
  readonly next: (id: AccountId) => number;
  readonly used: (proof: Proof) => void;
} {
  const used = new Map<string, number>();
  return {
    next: (id) => {
      const bytes = state.tree.get(stateKey.account(id));
      const before = bytes === undefined ? 0 : Account.decode(bytes).nonce;
      return before + (used.get(toHex(id)) ?? 0);
    },
    used: ({ body }) => {
      const cosigners = body.type === "invoke" ? body.cosigners.map(({ account }) => account) : [];
      for (const id of [body.author, ...cosigners]) {
        used.set(toHex(id), (used.get(toHex(id)) ?? 0) + 1);
      }
    },
  };
}

function scheduledLeader({ votingSet, header }: LedgerState): AccountId {
  const leader = leaderOf(votingSet, toSequence(header.sequence + 1), toView(0));
  const member = votingSet.validators[leader];
  if (member === undefined) throw new Error("a set has a leader");
  return member.id;
}

function certificateOf(
  { header, digest, previousSet }: LedgerState,
  voters: readonly number[],
): QuorumCertificate | undefined {
  if (header.sequence === 0) return undefined;
  return createCertificate({
    phase: "commit",
    vote: { sequence: header.sequence, view: toView(0), digest },
    set: previousSet,
    votes: voters.map((at) => ({ voter: toValidatorIndex(at), signature: UNSIGNED })),
  });
}
