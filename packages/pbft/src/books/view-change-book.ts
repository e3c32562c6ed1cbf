import {
  isQuorum,
  isWeakQuorum,
  type ValidatorSet,
  type View,
  type ViewChange,
  validatorAt,
} from "@aethel/models";
import { emptySlots, type Slots, slotAt, slotValues, withSlot } from "./slots.ts";

/**
 * ViewChange with the highest view of each validator, in one slot for each (B24). `tally` has, for
 * each view, the power of the validators whose ViewChange requests it.
 */
export interface ViewChangeBook {
  readonly slots: Slots<ViewChange>;
  readonly tally: ReadonlyMap<View, bigint>;
}

/** Returns a book without requests. */
export function emptyViewChangeBook(): ViewChangeBook {
  return { slots: emptySlots(), tally: new Map() };
}

/**
 * Returns the book with `message` in its voter's slot. Undefined if the slot already has a message
 * with the same or a higher view.
 */
export function addViewChange(
  book: ViewChangeBook,
  set: ValidatorSet,
  message: ViewChange,
): ViewChangeBook | undefined {
  const earlier = slotAt(book.slots, message.voter)?.body.newView;
  const { newView } = message.body;
  if (earlier !== undefined && earlier >= newView) return undefined;
  const own = validatorAt(set, message.voter)?.power ?? 0n;
  const tally = new Map(book.tally);
  if (earlier !== undefined) {
    const rest = (tally.get(earlier) ?? 0n) - own;
    if (rest > 0n) tally.set(earlier, rest);
    else tally.delete(earlier);
  }
  tally.set(newView, (tally.get(newView) ?? 0n) + own);
  return { slots: withSlot(book.slots, message.voter, message), tally };
}

/**
 * Returns the highest view such that validators with more than a third of the power request it or a
 * higher one. Undefined if there is none. One of these validators is honest, so faulty validators
 * alone cannot make the others join a view.
 */
export function joinableView(book: ViewChangeBook, set: ValidatorSet): View | undefined {
  let power = 0n;
  for (const [view, of] of [...book.tally].toSorted(([left], [right]) => right - left)) {
    power += of;
    if (isWeakQuorum(power, set)) return view;
  }
  return undefined;
}

/** Whether a quorum has requested `view` or a higher one. */
export function hasQuorumFrom(book: ViewChangeBook, set: ValidatorSet, view: View): boolean {
  let power = 0n;
  for (const [asked, of] of book.tally) if (asked >= view) power += of;
  return isQuorum(power, set);
}

/**
 * Returns the requests for exactly `view`, ascending by voter. Undefined if their voters are no
 * quorum.
 */
export function quorumFor(
  book: ViewChangeBook,
  set: ValidatorSet,
  view: View,
): readonly ViewChange[] | undefined {
  if (!isQuorum(book.tally.get(view) ?? 0n, set)) return undefined;
  return slotValues(book.slots).filter((message) => message.body.newView === view);
}
