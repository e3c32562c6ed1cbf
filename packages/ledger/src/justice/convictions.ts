import { assert, toAmount } from "@aethel/models";
import { correlatedTotal, takeHeldStake } from "@aethel/rewards";
import type { Draft } from "../draft.ts";
import { stateKey } from "../state-layout.ts";
import { takeFrom } from "./held-stake.ts";
import { Conviction, Convictions, OffenceRecord } from "./layout.ts";
import type { Where } from "./where.ts";

const NONE: Convictions = { first: 0, next: 0, cursor: 0, due: 0, share: 0n };

function readConvictions(draft: Draft): Convictions {
  return draft.read(stateKey.convictions, Convictions) ?? NONE;
}

function writeConvictions(draft: Draft, counted: Convictions): void {
  const isEmpty = counted.first === counted.next;
  draft.write(stateKey.convictions, Convictions, isEmpty ? undefined : counted);
}

/** Counts an equivocation with those of others, from the next border on. */
export function countConviction(draft: Draft, conviction: Conviction): void {
  const { first, next, cursor, share } = readConvictions(draft);
  draft.write(stateKey.conviction(next), Conviction, conviction);
  writeConvictions(draft, {
    first,
    next: next + 1,
    cursor,
    // The sum has grown, so that it may cost everybody more.
    due: next + 1 - first,
    share: share + conviction.share,
  });
}

/**
 * Raises at a border what equivocations cost to what the sum of all shares makes of it. A conviction
 * counts up to the first border at which `unbondingMs` are over, that one included, so that each counts
 * once at least, whatever time a border takes. At most `raisesMax` are looked at, in turn.
 */
export function raiseTotals(where: Where, raisesMax: number): void {
  const { draft } = where;
  let counted = readConvictions(draft);
  if (counted.first === counted.next) return;
  for (let turn = 0; turn < raisesMax && counted.due > 0; turn++) {
    counted = raiseNext(where, counted);
  }
  for (let turn = 0; turn < raisesMax && counted.due === 0; turn++) {
    const fewer = forgetFirst(where, counted);
    if (fewer === undefined) break;
    counted = fewer;
  }
  writeConvictions(draft, counted);
}

/** Takes the oldest conviction out of the sum if its time is over. */
function forgetFirst({ draft, now, state }: Where, counted: Convictions): Convictions | undefined {
  const { first, next, cursor, due, share } = counted;
  if (first === next) return undefined;
  const oldest = convictionAt(draft, first);
  if (oldest.at + state.parameters.unbondingMs > now) return undefined;
  draft.write(stateKey.conviction(first), Conviction, undefined);
  const following = first + 1;
  return {
    first: following,
    next,
    cursor: Math.max(cursor, following),
    due,
    share: share - oldest.share,
  };
}

function raiseNext(where: Where, counted: Convictions): Convictions {
  const { first, next, cursor, due, share } = counted;
  const at = cursor < next ? cursor : first;
  raise(where, at, share);
  return { ...counted, cursor: at + 1, due: due - 1 };
}

/** Takes what an offence costs more by now. */
function raise(where: Where, number: number, share: bigint): void {
  const { draft } = where;
  const conviction = convictionAt(draft, number);
  const { validator, offence, stake, total } = conviction;
  const wanted = correlatedTotal({ stake, convicted: share });
  if (wanted <= total) return;
  draft.write(stateKey.conviction(number), Conviction, { ...conviction, total: wanted });
  const owed = toAmount(wanted - total);
  const { toTreasury } = takeFrom(validator, (held) => takeHeldStake(held, owed), where);
  if (toTreasury === 0n) return;
  draft.change(stateKey.offence(offence), OffenceRecord, (known) => {
    assert(known !== undefined, "a conviction has its offence");
    return { ...known, slashed: toAmount(known.slashed + toTreasury) };
  });
}

function convictionAt(draft: Draft, number: number): Conviction {
  const conviction = draft.read(stateKey.conviction(number), Conviction);
  assert(conviction !== undefined, "convictions are numbered without a gap");
  return conviction;
}
