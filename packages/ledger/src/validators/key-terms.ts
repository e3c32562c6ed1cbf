import {
  assert,
  equalBytes,
  type PublicKey,
  type Sequence,
  toAmount,
  toHex,
  toSequence,
  type Validator,
  type ValidatorSet,
} from "@aethel/models";
import type { BlockContext } from "../state/block-context.ts";
import type { StateBounds } from "../state/bounds.ts";
import { isTooOld } from "../state/dated-boundaries.ts";
import { KeyRecord, type KeyTerm, Offence, OffenceRecord } from "../state/offence-records.ts";
import type { Clock } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { ValidatorRecord } from "../state/validator-records.ts";
import { readValidator } from "./stake.ts";

/**
 * Finds the term of a key that contains a sequence. Undefined if the key was not in the validator
 * set of that sequence.
 */
export function termAt({ terms }: Pick<KeyRecord, "terms">, at: Sequence): KeyTerm | undefined {
  return terms.find(({ from, until }) => from <= at && (until === undefined || at <= until));
}

/**
 * Begins a term (a run of sequences with one key and power) for each key of a chain's first set,
 * from sequence 1 on.
 */
export function openFirstTerms(overlay: StateOverlay, set: ValidatorSet): void {
  const from = toSequence(1);
  for (const { key, power } of set.validators) {
    const term = { from, until: undefined, since: from, power: toAmount(power) };
    changeTerms(overlay, key, () => [term]);
  }
}

/** Epoch boundary, with the set after it. */
interface Boundary extends BlockContext {
  readonly next: ValidatorSet;
  /** Clock after the block of the epoch boundary. */
  readonly clock: Clock;
  readonly bounds: Pick<StateBounds, "keyTermsMax">;
}

/**
 * Records the terms of keys at an epoch boundary that changes the set. The old set votes on this
 * block, the next set on the blocks after it.
 *
 * A key keeps at most `keyTermsMax` terms about which evidence is still accepted. If it leaves the
 * set with that many terms and none can be merged, it cannot enter a set again. Its validator is
 * ejected and needs a new key.
 */
export function noteTerms(boundary: Boundary): void {
  const { overlay, sequence, state, next } = boundary;
  const before = byId(state.votingSet);
  const after = byId(next);
  for (const [id, was] of before) {
    const is = after.get(id);
    if (is !== undefined && isSame(was, is)) continue;
    closeTerm(overlay, was.key, sequence);
    if (is === undefined && isWorn(boundary, was.key)) {
      const record = readValidator(overlay, was.id);
      overlay.write(stateKey.validator(was.id), ValidatorRecord, { ...record, status: "ejected" });
    }
  }
  const from = toSequence(sequence + 1);
  for (const [id, is] of after) {
    const was = before.get(id);
    if (was !== undefined && isSame(was, is)) continue;
    const since = was === undefined ? from : sinceAfter(boundary, was, is);
    const term = { from, until: undefined, since, power: toAmount(is.power) };
    changeTerms(overlay, is.key, (terms) => fitting([...terms, term], boundary));
  }
}

function byId(set: ValidatorSet): ReadonlyMap<string, Validator> {
  return new Map(set.validators.map((member) => [toHex(member.id), member]));
}

function isSame(left: Validator, right: Validator): boolean {
  return left.power === right.power && equalBytes(left.key, right.key);
}

function closeTerm(overlay: StateOverlay, key: PublicKey, until: Sequence): void {
  changeTerms(overlay, key, (terms) => [
    ...terms.slice(0, -1),
    ...terms.slice(-1).map((term) => ({ ...term, until })),
  ]);
}

function lastTerm(overlay: StateOverlay, key: PublicKey): KeyTerm {
  const term = overlay.read(stateKey.consensusKey(key), KeyRecord)?.terms.at(-1);
  assert(term !== undefined, "the key of a member has a term");
  return term;
}

/**
 * Returns the first sequence of a member's time in the set, for its new term. A new time in the set
 * begins when a validator returns with a new key after an ejection. This holds even if the
 * validator was the only member and so never left the set. Otherwise its next equivocation would
 * belong to the punished offence and cost nothing.
 */
function sinceAfter({ overlay, sequence }: Boundary, was: Validator, is: Validator): Sequence {
  const { since } = lastTerm(overlay, was.key);
  if (equalBytes(was.key, is.key)) return since;
  const offence = Offence.digest({ validator: is.id, kind: "equivocation", sequence: since });
  const isPunished = overlay.read(stateKey.offence(offence), OffenceRecord) !== undefined;
  // A punished validator is ejected, so with another key it is back.
  return isPunished ? toSequence(sequence + 1) : since;
}

function changeTerms(
  overlay: StateOverlay,
  key: PublicKey,
  change: (terms: readonly KeyTerm[]) => readonly KeyTerm[],
): void {
  overlay.change(stateKey.consensusKey(key), KeyRecord, (record) => {
    assert(record !== undefined, "the key of a member has an owner");
    return { ...record, terms: change(record.terms) };
  });
}

/**
 * Whether a key that leaves the set has as many terms as may be kept, and none of them can be
 * dropped or merged.
 */
function isWorn(boundary: Boundary, key: PublicKey): boolean {
  const terms = boundary.overlay.read(stateKey.consensusKey(key), KeyRecord)?.terms ?? [];
  const { keyTermsMax } = boundary.bounds;
  return merged(recent(terms, boundary), keyTermsMax - 1).length >= keyTermsMax;
}

/**
 * Reduces the terms of a key to the number that may be kept, by dropping old terms and merging
 * others. This is always possible, since a key with too many terms that cannot be merged enters no
 * set.
 */
function fitting(terms: readonly KeyTerm[], boundary: Boundary): readonly KeyTerm[] {
  const { keyTermsMax } = boundary.bounds;
  if (terms.length <= keyTermsMax) return terms;
  const kept = merged(recent(terms, boundary), keyTermsMax);
  assert(kept.length <= keyTermsMax, "a worn key comes into no set");
  return kept;
}

/** Returns the terms about which evidence is still accepted. */
function recent(
  terms: readonly KeyTerm[],
  { overlay, now, clock, state: { parameters } }: Boundary,
): readonly KeyTerm[] {
  const state = { clock, parameters };
  return terms.filter(
    ({ until }) => until === undefined || !isTooOld(until, { overlay, now, state }),
  );
}

/**
 * Merges terms that belong to one time in the set, until at most `most` terms are left or none can
 * be merged. The two oldest become one, with the larger of their powers.
 */
function merged(terms: readonly KeyTerm[], most: number): readonly KeyTerm[] {
  let kept = terms;
  while (kept.length > most) {
    const at = kept.findIndex((term, index) => term.since === kept[index + 1]?.since);
    const [first, second] = [kept[at], kept[at + 1]];
    if (first === undefined || second === undefined) return kept;
    const power = first.power > second.power ? first.power : second.power;
    kept = [...kept.slice(0, at), { ...second, from: first.from, power }, ...kept.slice(at + 2)];
  }
  return kept;
}
