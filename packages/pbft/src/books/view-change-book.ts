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
 * Highest ViewChange of each validator, whatever its view: one slot (B24). `tally` holds the
 * power behind each view and follows the slots.
 */
export interface ViewChangeBook {
  readonly slots: Slots<ViewChange>;
  readonly tally: ReadonlyMap<View, bigint>;
}

/** A book without requests. */
export function emptyViewChangeBook(): ViewChangeBook {
  return { slots: emptySlots(), tally: new Map() };
}

/** The book with `message` in its voter's slot, or undefined if that slot holds as high a view. */
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
 * The highest view that validators of more than a third of the power have asked for, or for more.
 * At least one honest validator asked for as much, so nobody can push the others up alone.
 */
export function joinableView(book: ViewChangeBook, set: ValidatorSet): View | undefined {
  let power = 0n;
  for (const [view, of] of [...book.tally].toSorted(([left], [right]) => right - left)) {
    power += of;
    if (isWeakQuorum(power, set)) return view;
  }
  return undefined;
}

/** Whether a quorum has asked for `view` or for more. */
export function hasQuorumFrom(book: ViewChangeBook, set: ValidatorSet, view: View): boolean {
  let power = 0n;
  for (const [asked, of] of book.tally) if (asked >= view) power += of;
  return isQuorum(power, set);
}

/** The requests for exactly `view`, ascending by voter, if they are a quorum's. */
export function quorumFor(
  book: ViewChangeBook,
  set: ValidatorSet,
  view: View,
): readonly ViewChange[] | undefined {
  if (!isQuorum(book.tally.get(view) ?? 0n, set)) return undefined;
  return slotValues(book.slots).filter((message) => message.body.newView === view);
}
