import { assert, type Digest, toAmount, toSequence } from "@aethel/models";
import { correlatedTotal, takeHeldStake } from "@aethel/rewards";
import type { BlockContext } from "../state/block-context.ts";
import { isTooOld } from "../state/dated-boundaries.ts";
import { Conviction, Convictions, KeyRecord, OffenceRecord } from "../state/offence-records.ts";
import type { Clock } from "../state/records.ts";
import { stateKey } from "../state/state-key.ts";
import type { StateOverlay } from "../state/state-overlay.ts";
import { takeFrom } from "./held-stake.ts";

const NONE: Convictions = { first: 0, next: 0, cursor: 0, due: 0, share: 0n };

function readConvictions(overlay: StateOverlay): Convictions {
  return overlay.read(stateKey.convictions, Convictions) ?? NONE;
}

function writeConvictions(overlay: StateOverlay, counted: Convictions): void {
  const isEmpty = counted.first === counted.next;
  overlay.write(stateKey.convictions, Convictions, isEmpty ? undefined : counted);
}

/**
 * Adds a conviction to the list of convictions that count together, and adds its share of the
 * voting power to their sum. From the next epoch boundary on, the costs of all of them are raised.
 */
export function countConviction(
  overlay: StateOverlay,
  conviction: Conviction,
  share: bigint,
): void {
  const counted = readConvictions(overlay);
  const { next } = counted;
  overlay.write(stateKey.conviction(next), Conviction, conviction);
  addShare(overlay, { ...counted, next: next + 1 }, share);
}

/**
 * Raises the share of the power that is recorded for a counted offence. From the next epoch
 * boundary on, the costs of all counted offences are raised.
 */
export function enlargeShare(overlay: StateOverlay, offence: Digest, share: bigint): void {
  const known = offenceAt(overlay, offence);
  const more = share - (known.share ?? 0n);
  assert(more > 0n, "only a larger share is news of a known offence");
  overlay.write(stateKey.offence(offence), OffenceRecord, { ...known, share });
  addShare(overlay, readConvictions(overlay), more);
}

/**
 * Adds to the sum of the shares of the voting power of all convictions. The cost of every
 * conviction depends on that sum, so all are marked to be raised.
 */
function addShare(overlay: StateOverlay, counted: Convictions, more: bigint): void {
  const { first, next, share } = counted;
  assert(first < next, "what can still be shown is still counted");
  writeConvictions(overlay, { ...counted, due: next - first, share: share + more });
}

/** Context of an epoch boundary, with the clock after the boundary's block. */
interface Boundary extends BlockContext {
  readonly clock: Clock;
}

/**
 * Raises the costs of the counted equivocations at an epoch boundary. Each cost depends on the sum
 * of the shares of the voting power that all of them have. A conviction counts as long as evidence
 * about its validator's time in the set is accepted. So all equivocations of one fork count
 * together, in any order and even if some are shown late. At most `raisesMax` convictions are
 * raised at one epoch boundary; the next boundary continues.
 */
export function raiseTotals(boundary: Boundary, raisesMax: number): void {
  const { overlay } = boundary;
  let counted = readConvictions(overlay);
  if (counted.first === counted.next) return;
  for (let turn = 0; turn < raisesMax && counted.due > 0; turn++) {
    counted = raiseNext(boundary, counted);
  }
  for (let turn = 0; turn < raisesMax && counted.due === 0; turn++) {
    const fewer = forgetFirst(boundary, counted);
    if (fewer === undefined) break;
    counted = fewer;
  }
  writeConvictions(overlay, counted);
}

/**
 * Removes the oldest conviction if it no longer counts, and returns the changed counters. Returns
 * undefined if the conviction still counts or if there is none.
 */
function forgetFirst(boundary: Boundary, counted: Convictions): Convictions | undefined {
  const { overlay } = boundary;
  const { first, next, cursor, share } = counted;
  if (first === next) return undefined;
  const oldest = convictionAt(overlay, first);
  if (!isOver(oldest, boundary)) return undefined;
  overlay.write(stateKey.conviction(first), Conviction, undefined);
  const following = first + 1;
  return {
    ...counted,
    first: following,
    cursor: Math.max(cursor, following),
    share: share - (offenceAt(overlay, oldest.offence).share ?? 0n),
  };
}

/**
 * Whether evidence about the validator's time in the set, to which the conviction belongs, is no
 * longer accepted.
 */
function isOver(
  { key, since, sequence }: Conviction,
  { overlay, now, clock, state: { parameters } }: Boundary,
): boolean {
  const { terms = [] } = overlay.read(stateKey.consensusKey(key), KeyRecord) ?? {};
  const last = terms.findLast((term) => term.since === since);
  if (last !== undefined && last.until === undefined) return false;
  const until = toSequence(Math.max(sequence, last?.until ?? 0));
  return isTooOld(until, { overlay, now, state: { clock, parameters } });
}

function raiseNext(where: BlockContext, counted: Convictions): Convictions {
  const { first, next, cursor, due, share } = counted;
  const at = cursor < next ? cursor : first;
  raise(where, at, share);
  return { ...counted, cursor: at + 1, due: due - 1 };
}

/**
 * Slashes the amount by which the cost of an equivocation has risen, but at most the stake that is
 * left.
 */
function raise(where: BlockContext, number: number, share: bigint): void {
  const { overlay } = where;
  const conviction = convictionAt(overlay, number);
  const { validator, offence, stake, total } = conviction;
  const wanted = correlatedTotal({ stake, convicted: share });
  if (wanted <= total) return;
  overlay.write(stateKey.conviction(number), Conviction, { ...conviction, total: wanted });
  const owed = toAmount(wanted - total);
  const { toTreasury } = takeFrom(validator, (held) => takeHeldStake(held, owed), where);
  if (toTreasury === 0n) return;
  const known = offenceAt(overlay, offence);
  const slashed = toAmount(known.slashed + toTreasury);
  overlay.write(stateKey.offence(offence), OffenceRecord, { ...known, slashed });
}

function convictionAt(overlay: StateOverlay, number: number): Conviction {
  const conviction = overlay.read(stateKey.conviction(number), Conviction);
  assert(conviction !== undefined, "convictions are numbered without a gap");
  return conviction;
}

function offenceAt(overlay: StateOverlay, offence: Digest): OffenceRecord {
  const known = overlay.read(stateKey.offence(offence), OffenceRecord);
  assert(known !== undefined, "a conviction has its offence");
  return known;
}
