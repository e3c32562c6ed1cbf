import type { Tree } from "@aethel/merkle";
import {
  type BlockHeader,
  blockDigest,
  equalBytes,
  ledgerHeader,
  type StateTransition,
  type Timestamp,
  type ValidatorSet,
  type VerifySigned,
} from "@aethel/models";
import { powerChangeAllowed } from "@aethel/rewards";
import { isBoundary } from "../state/clock.ts";
import { Clock } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import { isCommitCertificate } from "../validators/parent-certificate.ts";
import { changeOfSet } from "./changed-power.ts";
import { findConservationDefect } from "./conservation.ts";
import {
  type HistoryDefect,
  type HistoryStart,
  type HistoryStep,
  type HistoryVerdict,
  readHeader,
} from "./history.ts";

/**
 * Verifies that headers and transitions follow from a trusted block: the links, the certificates,
 * the supply, and the changes of each transition (R7.4). Executes no proof.
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

/**
 * Whether the clock that a block writes has the timestamp of the block's header and an unchanged
 * time of genesis.
 */
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
): ValidatorSet | "unknown" | "no-boundary" | "too-much" {
  if (equalBytes(header.nextValidators, set.hash)) return set;
  if (nextValidators === undefined) return "unknown";
  if (!equalBytes(nextValidators.hash, header.nextValidators)) return "unknown";
  if (!isBoundary({ genesis, parent, now: header.timestamp }, parameters)) return "no-boundary";
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
