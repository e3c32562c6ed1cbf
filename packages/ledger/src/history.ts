import type { Tree } from "@aethel/merkle";
import {
  type BlockHeader,
  blockDigest,
  type ChainParameters,
  type Digest,
  equalBytes,
  type LedgerHeader,
  ledgerHeader,
  ModelsError,
  type QuorumCertificate,
  type StateTransition,
  type Timestamp,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import { powerChangeAllowed } from "@aethel/rewards";
import { changeOfSet } from "./changed-power.ts";
import { findConservationDefect } from "./conservation.ts";
import { isCommitCertificate } from "./settlement.ts";
import { Clock, stateKey } from "./state-layout.ts";
import { isBorder } from "./time/clock.ts";

/** Where a history begins: a final block that the caller trusts, younger than stake unbonds. */
export interface HistoryStart {
  readonly chain: Digest;
  readonly parameters: ChainParameters;
  /** Timestamp of the genesis block: borders and the schedule are counted from it. */
  readonly genesis: Timestamp;
  readonly header: BlockHeader;
  /** Votes on the next block: its hash is the header's `nextValidators`. */
  readonly validators: ValidatorSet;
  /**
   * The state of that block. With it, each transition's changes must lead to its root; without,
   * that rests on the certificates alone.
   */
  readonly tree?: Tree;
}

/** One block of a history: no proofs, only what it did and who stands for it. */
export interface HistoryStep {
  readonly header: BlockHeader;
  readonly certificate: QuorumCertificate;
  readonly transition: StateTransition;
  /** The set of the next block, where it is another than this block's. */
  readonly nextValidators?: ValidatorSet;
}

/** Why a step does not follow from the one before. */
export type HistoryDefect =
  | { readonly code: "chain" | "sequence" | "parent" | "timestamp" | "judge" }
  /** The header goes on from another state, supply or set than the one before ended with. */
  /** Its application part is not the ledger's. */
  | { readonly code: "application" }
  | { readonly code: "link"; readonly field: "stateRootBefore" | "supplyBefore" | "validators" }
  /** The transition is not the one that the header commits to. */
  | { readonly code: "transition"; readonly field: string }
  /** Value appears or vanishes, or more is minted than the schedule has (P29). */
  | { readonly code: "conservation"; readonly rule: string }
  /** The changes do not lead from the state before to the root. */
  | { readonly code: "changes" }
  /** The next set is missing, is not the header's, changes in the middle of an epoch, or too much. */
  | { readonly code: "validators"; readonly reason: "unknown" | "no-border" | "too-much" }
  /** No quorum of the set stands for the header. */
  | { readonly code: "certificate" };

/** What verifying a history came to. */
export type HistoryVerdict =
  | { readonly ok: true; readonly head: HistoryStart }
  | { readonly ok: false; readonly at: number; readonly defect: HistoryDefect };

/**
 * Whether a chain of headers and transitions follows from a trusted block: every link, every
 * certificate, every supply, and what each transition says that it did (R7.4). Nothing is executed.
 */
export function verifyHistory(
  start: HistoryStart,
  steps: readonly HistoryStep[],
  verify?: VerifySigned,
): HistoryVerdict {
  let head = start;
  for (const [at, step] of steps.entries()) {
    const next = follow(head, step, verify);
    if ("code" in next) return { ok: false, at, defect: next };
    head = next;
  }
  return { ok: true, head };
}

/** Of several histories from one start, the one to go on with. */
export type SelectedHistory =
  /** `at` is its place in the list; undefined when none verifies. */
  | { readonly type: "selected"; readonly at: number | undefined }
  /** Two verify and disagree: a third of the power or more has signed both. */
  | {
      readonly type: "fork";
      readonly sequence: number;
      readonly between: readonly [number, number];
    };

/**
 * The longest history that verifies; how many peers tell one counts for nothing (P12). Two that
 * verify and contradict each other are never chosen between: that is for people.
 */
export function selectHistory(
  start: HistoryStart,
  histories: readonly (readonly HistoryStep[])[],
  verify?: VerifySigned,
): SelectedHistory {
  const sound = histories.flatMap((steps, at) =>
    verifyHistory(start, steps, verify).ok ? [{ at, steps }] : [],
  );
  const [first, ...others] = sound.toSorted(
    (left, right) => right.steps.length - left.steps.length,
  );
  if (first === undefined) return { type: "selected", at: undefined };
  for (const other of others) {
    const split = other.steps.findIndex(
      ({ header }, at) => !sameHeader(header, first.steps[at]?.header),
    );
    const sequence = other.steps[split]?.header.sequence;
    if (sequence !== undefined) return { type: "fork", sequence, between: [first.at, other.at] };
  }
  return { type: "selected", at: first.at };
}

function sameHeader(left: BlockHeader, right: BlockHeader | undefined): boolean {
  return right !== undefined && equalBytes(blockDigest(left), blockDigest(right));
}

function follow(
  head: HistoryStart,
  step: HistoryStep,
  verify: VerifySigned | undefined,
): HistoryStart | HistoryDefect {
  const { header, certificate, transition } = step;
  const defect = linkDefect(head, header) ?? transitionDefect(header, transition, head);
  if (defect !== undefined) return defect;
  const { validators: set, chain } = head;
  const digest = blockDigest(header);
  if (!isCommitCertificate(certificate, { header, digest, set, chain }, verify)) {
    return { code: "certificate" };
  }
  const next = nextSet(head, step);
  if (typeof next === "string") return { code: "validators", reason: next };
  const { tree, ...rest } = head;
  const after = { ...rest, header, validators: next };
  if (tree === undefined) return after;
  const grown = treeAfter(tree, transition);
  return grown === undefined ? { code: "changes" } : { ...after, tree: grown };
}

function linkDefect(
  { header: before, chain, parameters }: HistoryStart,
  header: BlockHeader,
): HistoryDefect | undefined {
  if (!equalBytes(header.chain, chain)) return { code: "chain" };
  if (header.sequence !== before.sequence + 1) return { code: "sequence" };
  if (!equalBytes(header.parent, blockDigest(before))) return { code: "parent" };
  if (header.timestamp < before.timestamp + parameters.minBlockIntervalMs) {
    return { code: "timestamp" };
  }
  const [own, last] = [readHeader(header), readHeader(before)];
  if (own === undefined || last === undefined) return { code: "application" };
  if (own.judgeVersion !== parameters.judge.version) return { code: "judge" };
  if (!equalBytes(own.stateRootBefore, last.stateRootAfter)) {
    return { code: "link", field: "stateRootBefore" };
  }
  if (own.supplyBefore !== last.supplyAfter) return { code: "link", field: "supplyBefore" };
  if (equalBytes(header.validators, before.nextValidators)) return undefined;
  return { code: "link", field: "validators" };
}

/** The ledger's part of a header that others made; undefined when it is none. */
function readHeader(header: BlockHeader): LedgerHeader | undefined {
  try {
    return ledgerHeader(header);
  } catch (error) {
    if (error instanceof ModelsError) return undefined;
    throw error;
  }
}

function transitionDefect(
  header: BlockHeader,
  transition: StateTransition,
  { parameters, genesis }: HistoryStart,
): HistoryDefect | undefined {
  const own = ledgerHeader(header);
  const pairs = [
    ["sequence", transition.sequence === header.sequence],
    ["rootBefore", equalBytes(transition.rootBefore, own.stateRootBefore)],
    ["rootAfter", equalBytes(transition.rootAfter, own.stateRootAfter)],
    ["supplyBefore", transition.supplyBefore === own.supplyBefore],
    ["supplyAfter", transition.supplyAfter === own.supplyAfter],
    ["clock", isClockOf(header, transition, genesis)],
  ] as const;
  const different = pairs.find(([, isSame]) => !isSame);
  if (different !== undefined) return { code: "transition", field: different[0] };
  const defect = findConservationDefect(transition, parameters);
  return defect === undefined ? undefined : { code: "conservation", rule: defect.rule };
}

/** Whether a block's changes tell the time that its header has. */
function isClockOf(
  { timestamp }: BlockHeader,
  { changes }: StateTransition,
  genesis: Timestamp,
): boolean {
  const after = changes.find(({ key }) => equalBytes(key, stateKey.clock))?.after;
  if (after === undefined) return false;
  const clock = Clock.decode(after);
  return clock.now === timestamp && clock.genesis === genesis;
}

function nextSet(
  { validators: set, parameters, genesis, header: { timestamp: parent } }: HistoryStart,
  { header, nextValidators }: HistoryStep,
): ValidatorSet | "unknown" | "no-border" | "too-much" {
  if (equalBytes(header.nextValidators, set.hash)) return set;
  if (nextValidators === undefined) return "unknown";
  if (!equalBytes(nextValidators.hash, header.nextValidators)) return "unknown";
  if (!isBorder({ genesis, parent, now: header.timestamp }, parameters)) return "no-border";
  const { power, rotated, rotatedPower } = changeOfSet(set, nextValidators);
  const isOneKey = rotated === 1 && power === 0n;
  const { totalPower } = set;
  const isAllowed = powerChangeAllowed({ changed: power + rotatedPower, totalPower });
  return isOneKey || isAllowed ? nextValidators : "too-much";
}

function treeAfter(tree: Tree, { changes, rootAfter }: StateTransition): Tree | undefined {
  for (const { key, before } of changes) {
    const known = tree.get(key);
    const isSame =
      known === undefined || before === undefined ? known === before : equalBytes(known, before);
    if (!isSame) return undefined;
  }
  const next = tree.update(changes.map(({ key, after }) => ({ key, value: after })));
  return equalBytes(next.root, rootAfter) ? next : undefined;
}
