import {
  EVIDENCE_MAX,
  Evidence,
  equalBytes,
  indexOfValidator,
  type ProofBlock,
  toHex,
  validatorAt,
} from "@aethel/models";
import { type Draft, patch, report } from "../draft.ts";
import type { PendingEvidence, State } from "../state.ts";
import { offenceKey, offenceSequence } from "./offence.ts";

/**
 * Pieces kept of one accused that this replica has found itself, and as many that others sent. One
 * convicts; the others serve when a ledger refuses the first. Nobody's pieces take another's place.
 */
export const PLACES = 4;

/** Offences that are remembered as closed; the oldest go first. */
const CLOSED_MAX = 1_024;

/** Bytes of evidence in one proposal; always at least one piece. */
const OFFER_BYTES_MAX = 1_048_576;

/** Pieces sent to peers at once. */
const SHARED_AT_ONCE = 8;

/** Keeps evidence that this replica has found, durably, for the next block. */
export function accuse(draft: Draft, evidence: Evidence): void {
  if (keep(draft, { evidence, offered: false, asked: false, shared: false, relayed: false })) {
    if (draft.state.me === undefined) return;
    draft.effects.push({ type: "persist", entries: [{ type: "evidence", evidence }] });
  }
}

/** Keeps evidence that was found before a restart. */
export function recall(draft: Draft, evidence: Evidence): void {
  keep(draft, { evidence, offered: false, asked: false, shared: false, relayed: false });
}

/**
 * Keeps evidence that a peer sent, its signatures verified. The accused must be in the set of now or
 * of the head: only then is it bounded how many there are. After a ledger has declined a relayed
 * piece about somebody, further ones are no reason for a block of their own.
 */
export function onEvidence(draft: Draft, evidence: Evidence): void {
  const { state } = draft;
  if (!isAboutSetInHand(state, evidence)) return;
  const offered = state.closedOffences.some(
    ({ accused, declined }) => declined && equalBytes(accused, evidence.validator),
  );
  keep(draft, { evidence, offered, asked: false, shared: true, relayed: true });
}

/** Whether the accused, with this key, votes on the sequence in hand or voted on the head. */
export function isAboutSetInHand(
  { head, sequence }: Pick<State, "head" | "sequence">,
  evidence: Evidence,
): boolean {
  if (offenceSequence(evidence) > sequence) return false;
  return [head.validators, head.previousValidators].some((set) => {
    const index = indexOfValidator(set, evidence.validator);
    const key = index === undefined ? undefined : validatorAt(set, index)?.key;
    return key !== undefined && equalBytes(key, evidence.key);
  });
}

function keep(draft: Draft, piece: PendingEvidence): boolean {
  const { evidence, relayed } = piece;
  const { state } = draft;
  const key = offenceKey(evidence);
  if (state.evidence.some((pending) => offenceKey(pending.evidence) === key)) return false;
  if (state.closedOffences.some((closed) => closed.key === key)) return false;
  const places = state.evidence.filter(
    (pending) =>
      pending.relayed === relayed && equalBytes(pending.evidence.validator, evidence.validator),
  );
  if (places.length >= PLACES) return false;
  patch(draft, { evidence: [...state.evidence, piece] });
  report(draft, { type: "evidence", evidence });
  return true;
}

/** Evidence for a proposal at the sequence in hand: of each accused the first piece, then the rest. */
export function takeOffer(draft: Draft): readonly Evidence[] {
  const { state } = draft;
  const places = new Map<string, number>();
  const ready = state.evidence
    .filter(({ evidence }) => offenceSequence(evidence) <= state.sequence)
    .map((pending) => {
      const who = toHex(pending.evidence.validator);
      const place = places.get(who) ?? 0;
      places.set(who, place + 1);
      return { pending, place };
    })
    .sort((left, right) => left.place - right.place);
  const taken: PendingEvidence[] = [];
  let bytes = 0;
  for (const { pending } of ready) {
    bytes += Evidence.encode(pending.evidence).length;
    if (taken.length >= EVIDENCE_MAX || (taken.length > 0 && bytes > OFFER_BYTES_MAX)) break;
    taken.push(pending);
  }
  const evidence = state.evidence.map((pending) => ({
    ...pending,
    asked: taken.includes(pending),
  }));
  patch(draft, { evidence });
  return taken.map((pending) => pending.evidence);
}

/**
 * Learns from an own block what became of the offer: a piece in it is no reason for another block,
 * one that the application left out convicts nobody and is dropped.
 */
export function settleOffer(draft: Draft, block: Pick<ProofBlock, "evidence">): void {
  const { state } = draft;
  if (state.evidence.length === 0) return;
  const held = new Set(block.evidence.map(offenceKey));
  const isFull = block.evidence.length >= EVIDENCE_MAX;
  const declined = isFull
    ? []
    : state.evidence.filter(({ asked, evidence }) => asked && !held.has(offenceKey(evidence)));
  const evidence = state.evidence
    .filter((pending) => !declined.includes(pending))
    .map((pending) => ({
      ...pending,
      asked: false,
      offered: pending.offered || held.has(offenceKey(pending.evidence)),
    }));
  patch(draft, { evidence });
  close(
    draft,
    declined.map((pending) => pending.evidence),
    true,
  );
}

/** Forgets what a final block holds: it is punished there, once. */
export function dropSettledEvidence(draft: Draft, settled: readonly Evidence[]): void {
  if (settled.length === 0) return;
  const keys = new Set(settled.map(offenceKey));
  const evidence = draft.state.evidence.filter((item) => !keys.has(offenceKey(item.evidence)));
  patch(draft, { evidence });
  close(draft, settled, false);
}

function close(draft: Draft, items: readonly Evidence[], declined: boolean): void {
  if (items.length === 0) return;
  const keys = new Set(items.map(offenceKey));
  const rest = draft.state.closedOffences.filter(({ key }) => !keys.has(key));
  const closed = items.map((item) => ({
    accused: item.validator,
    key: offenceKey(item),
    declined,
  }));
  patch(draft, { closedOffences: [...rest, ...closed].slice(-CLOSED_MAX) });
}

/**
 * Tells peers what this replica has found and no final block holds yet, so that whoever leads next
 * can propose it. `again`: also what they were told before.
 */
export function shareEvidence(draft: Draft, again: boolean): void {
  const due = draft.state.evidence
    .filter(({ relayed, shared }) => !relayed && (again || !shared))
    .slice(0, SHARED_AT_ONCE);
  if (due.length === 0) return;
  for (const { evidence } of due) draft.effects.push({ type: "share-evidence", evidence });
  const evidence = draft.state.evidence.map((pending) =>
    due.includes(pending) ? { ...pending, shared: true } : pending,
  );
  patch(draft, { evidence });
}
