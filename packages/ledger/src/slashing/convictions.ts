import { assert, type Digest, toAmount, toSequence } from "@aethel/models";
import { correlatedTotal, takeHeldStake } from "@aethel/rewards";
import type { Where } from "../state/block-context.ts";
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

/** Counts an equivocation with those of others, from the next epoch boundary on. */
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

/** Lets a counted offence weigh more, from the next epoch boundary on. */
export function enlargeShare(overlay: StateOverlay, offence: Digest, share: bigint): void {
  const known = offenceAt(overlay, offence);
  const more = share - (known.share ?? 0n);
  assert(more > 0n, "only a larger share is news of a known offence");
  overlay.write(stateKey.offence(offence), OffenceRecord, { ...known, share });
  addShare(overlay, readConvictions(overlay), more);
}

/** Adds to the sum: as it has grown, it may cost everybody more. */
function addShare(overlay: StateOverlay, counted: Convictions, more: bigint): void {
  const { first, next, share } = counted;
  assert(first < next, "what can still be shown is still counted");
  writeConvictions(overlay, { ...counted, due: next - first, share: share + more });
}

/** An epoch boundary, and the time as it is after its block. */
interface Boundary extends Where {
  readonly clock: Clock;
}

/**
 * Raises at an epoch boundary what equivocations cost to what the sum of all shares makes of it. A
 * conviction counts as long as evidence can come about what its validator did up to it and in that
 * time in the set: so all that is shown of one fork counts together, in whatever order and however
 * late. At most `raisesMax` are looked at, in turn.
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

/** Takes the oldest conviction out of the sum if its time is over. */
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

/** Whether no evidence can come any more about a conviction's time in the set, and before it. */
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

function raiseNext(where: Where, counted: Convictions): Convictions {
  const { first, next, cursor, due, share } = counted;
  const at = cursor < next ? cursor : first;
  raise(where, at, share);
  return { ...counted, cursor: at + 1, due: due - 1 };
}

/** Takes what an offence costs more by now. */
function raise(where: Where, number: number, share: bigint): void {
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
