import {
  type AccountId,
  type Block,
  EVIDENCE_BYTES_MAX,
  EVIDENCE_MAX,
  EVIDENCE_UNITS_MAX,
  Evidence,
  equalBytes,
  evidenceUnits,
  indexOfValidator,
  OFFSET_BYTES,
  offenceSequence,
  sha256,
  toHex,
  type ValidatorSet,
  validatorAt,
} from "@aethel/models";
import type { ClosedOffence, PendingEvidence, State } from "../state.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { offenceKey } from "./offence.ts";

/**
 * Most pieces of evidence about one accused validator that this replica has found itself and keeps.
 * One piece convicts. The others help if the application declines the first.
 */
export const PLACES = 4;

/**
 * Most pieces of evidence from one sender that are kept. So junk displaces only other evidence of
 * its sender.
 */
export const RELAYED_PLACES = 8;

/** Most offences that are remembered as closed. The oldest are forgotten first. */
const CLOSED_MAX = 1_024;

/** Most pieces of evidence that are sent to peers at the same time. */
const SHARED_AT_ONCE = 8;

/**
 * Keeps evidence that this replica has found, for the next block. Also writes it to the signing log
 * if this replica is a validator.
 */
export function accuse(context: StepContext, evidence: Evidence): void {
  if (!recall(context, evidence)) return;
  report(context, { type: "evidence", evidence });
  if (context.state.me === undefined) return;
  context.effects.push({ type: "persist", entries: [{ type: "evidence", evidence }] });
}

/**
 * Keeps evidence that this replica has found, now or before a restart. It replaces evidence of the
 * same offence that other validators sent, since nothing but their word supports that. Returns
 * false if the evidence is known or too many pieces are kept.
 */
export function recall(context: StepContext, evidence: Evidence): boolean {
  const { state } = context;
  const key = offenceKey(evidence);
  if (isSettled(state, key)) return false;
  const own = state.evidence.filter(({ from }) => from === undefined);
  if (own.some((pending) => offenceKey(pending.evidence) === key)) return false;
  const places = own.filter((pending) => isSame(pending.evidence.validator, evidence.validator));
  if (places.length >= PLACES) return false;
  const rest = state.evidence.filter(
    (pending) => pending.from === undefined || offenceKey(pending.evidence) !== key,
  );
  const piece = { evidence, offered: false, asked: false, shared: false, from: undefined };
  patch(context, { evidence: [...rest, piece] });
  return true;
}

/**
 * Keeps evidence that a validator sent. Its signatures were verified. If the application has
 * declined evidence of the same sender, further evidence of that sender is no reason to make a
 * block.
 */
export function onEvidence(context: StepContext, evidence: Evidence, from: AccountId): void {
  const { state } = context;
  if (!isNews(state, evidence, from)) return;
  const offered = state.closedOffences.some(({ by }) => by !== undefined && isSame(by, from));
  const piece = { evidence, offered, asked: false, shared: true, from };
  patch(context, { evidence: [...state.evidence, piece] });
}

/**
 * Whether evidence that validator `from` sent would be kept. It must not be of a later sequence.
 * The set of its sequence must have the accused with this key. The offence must not be settled, and
 * the piece must not have been declined before. The sender must not have too many pieces. If the
 * evidence is older than the head, it is enough that one of the two known sets has the accused: the
 * application makes the complete check.
 */
export function isNews(
  state: Pick<State, "head" | "sequence" | "evidence" | "closedOffences">,
  evidence: Evidence,
  from: AccountId,
): boolean {
  const { head } = state;
  const key = offenceKey(evidence);
  const at = offenceSequence(evidence);
  if (at > state.sequence || indexOfValidator(head.validators, from) === undefined) return false;
  const sets = [
    ...(at === head.header.sequence ? [] : [head.validators]),
    ...(at === state.sequence ? [] : [head.previousValidators]),
  ];
  if (!sets.some((set) => isNamed(set, evidence)) || isSettled(state, key)) return false;
  const isFound = state.evidence.some(
    (pending) => pending.from === undefined && offenceKey(pending.evidence) === key,
  );
  const sent = state.evidence.filter(({ from: by }) => by !== undefined && isSame(by, from));
  if (isFound) return false;
  if (sent.length >= RELAYED_PLACES) return false;
  const piece = pieceKey(evidence);
  return (
    !sent.some((pending) => pieceKey(pending.evidence) === piece) &&
    !state.closedOffences.some((closed) => closed.key === piece)
  );
}

function isNamed(set: ValidatorSet, { validator, key }: Evidence): boolean {
  const index = indexOfValidator(set, validator);
  const named = index === undefined ? undefined : validatorAt(set, index)?.key;
  return named !== undefined && equalBytes(named, key);
}

function isSettled({ closedOffences }: Pick<State, "closedOffences">, key: string): boolean {
  return closedOffences.some((closed) => closed.key === key);
}

/**
 * Cache of the identities of pieces of evidence. Each received piece is compared with all kept ones
 * of its sender. Computing an identity is slow because the claim in a piece may have 84 KiB.
 */
const pieceKeys = new WeakMap<Evidence, string>();

/**
 * Returns the identity of a piece of evidence. Two pieces about one offence differ, since only one
 * of them may be valid.
 */
function pieceKey(evidence: Evidence): string {
  const key = pieceKeys.get(evidence) ?? toHex(sha256(Evidence.encode(evidence)));
  pieceKeys.set(evidence, key);
  return key;
}

/** Returns the number of bytes that a piece of evidence takes in a block. */
function bytesOf(evidence: Evidence): number {
  return OFFSET_BYTES + Evidence.encode(evidence).length;
}

function isSame(left: AccountId, right: AccountId): boolean {
  return equalBytes(left, right);
}

/**
 * Returns the evidence for a proposal at the current sequence, as much as fits. Evidence that this
 * replica found comes first: one piece about each accused, then a second one about each, and so on.
 * Evidence of other senders comes next: one piece of each sender, then a second one of each, and so
 * on.
 */
export function takeOffer(context: StepContext): readonly Evidence[] {
  const { state } = context;
  const places = new Map<string, number>();
  const ready = state.evidence
    .filter(({ evidence }) => offenceSequence(evidence) <= state.sequence)
    .map((pending) => {
      const { from, evidence } = pending;
      const who = toHex(from ?? evidence.validator);
      const account = `${from === undefined ? "accused" : "sender"}/${who}`;
      const place = places.get(account) ?? (from === undefined ? 0 : PLACES);
      places.set(account, place + 1);
      return { pending, place };
    })
    .sort((left, right) => left.place - right.place);
  const taken: PendingEvidence[] = [];
  const offences = new Set<string>();
  let [bytes, units] = [0, 0];
  for (const { pending } of ready) {
    // Several senders may have told of one offence: it is punished once.
    const key = offenceKey(pending.evidence);
    if (offences.has(key)) continue;
    offences.add(key);
    bytes += bytesOf(pending.evidence);
    units += evidenceUnits(pending.evidence);
    const hasRoom = bytes <= EVIDENCE_BYTES_MAX && units <= EVIDENCE_UNITS_MAX;
    // A piece that is left out here was not asked for, so it waits for the next proposal.
    if (taken.length >= EVIDENCE_MAX || !hasRoom) break;
    taken.push(pending);
  }
  const evidence = state.evidence.map((pending) => ({
    ...pending,
    asked: taken.includes(pending),
  }));
  patch(context, { evidence });
  return taken.map((pending) => pending.evidence);
}

/**
 * Updates the pending evidence after this replica's application has built a block. Evidence in the
 * block is no reason for another block. Evidence that the application left out convicts nobody and
 * is dropped.
 */
export function settleOffer(context: StepContext, block: Pick<Block, "evidence">): void {
  const { state } = context;
  if (state.evidence.length === 0) return;
  const held = new Set(block.evidence.map(offenceKey));
  const isFull = block.evidence.length >= EVIDENCE_MAX;
  const declined = isFull
    ? []
    : state.evidence.filter(({ asked, evidence }) => asked && !held.has(offenceKey(evidence)));
  // Every copy of a declined piece goes, whoever sent it.
  const gone = new Set(declined.map((pending) => pieceKey(pending.evidence)));
  const evidence = state.evidence
    .filter((pending) => gone.size === 0 || !gone.has(pieceKey(pending.evidence)))
    .map((pending) => ({
      ...pending,
      asked: false,
      offered: pending.offered || held.has(offenceKey(pending.evidence)),
    }));
  patch(context, { evidence });
  const closed = declined.map(({ evidence: item, from: by }) => ({ key: pieceKey(item), by }));
  close(context, closed);
}

/**
 * Drops the evidence of offences that a final block includes, since each offence is punished once.
 */
export function dropSettledEvidence(context: StepContext, settled: readonly Evidence[]): void {
  if (settled.length === 0) return;
  const keys = new Set(settled.map(offenceKey));
  const evidence = context.state.evidence.filter((item) => !keys.has(offenceKey(item.evidence)));
  patch(context, { evidence });
  close(
    context,
    [...keys].map((key) => ({ key, by: undefined })),
  );
}

function close(context: StepContext, closed: readonly ClosedOffence[]): void {
  if (closed.length === 0) return;
  const keys = new Set(closed.map(({ key }) => key));
  const rest = context.state.closedOffences.filter(({ key }) => !keys.has(key));
  patch(context, { closedOffences: [...rest, ...closed].slice(-CLOSED_MAX) });
}

/**
 * Sends peers the evidence that this replica has found and no final block includes yet, so that the
 * next leaders can propose it. With `again`, also sends evidence that was sent before.
 */
export function shareEvidence(context: StepContext, again: boolean): void {
  const due = context.state.evidence
    .filter(({ from, shared }) => from === undefined && (again || !shared))
    .slice(0, SHARED_AT_ONCE);
  if (due.length === 0) return;
  for (const { evidence } of due) context.effects.push({ type: "share-evidence", evidence });
  const evidence = context.state.evidence.map((pending) =>
    due.includes(pending) ? { ...pending, shared: true } : pending,
  );
  patch(context, { evidence });
}
