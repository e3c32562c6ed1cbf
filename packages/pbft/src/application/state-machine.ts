import type { Item } from "@aethel/models";

/** A deterministic state machine over items, which are byte strings. */
export interface StateMachine<State> {
  /** State before the first block. MUST be the same on all replicas. */
  readonly initial: State;
  /**
   * Returns the state after an item; undefined if the item cannot apply to this state. Throwing an
   * error means the same. MUST be a pure function: it changes neither argument, and its result
   * depends on no clock, random number, locale, float or order of arrival.
   */
  readonly apply: (state: State, item: Uint8Array) => State | undefined;
  /**
   * Returns bytes that identify the state, such as a hash of it; at most 1,024
   * (`APPLICATION_HEADER_BYTES_MAX`). They are in each header, and replicas vote on them, so equal
   * states MUST give equal bytes.
   */
  readonly root: (state: State) => Uint8Array;
}

/** State after some items, or the reason why one of them cannot apply. */
export type Applied<State> =
  | { readonly type: "applied"; readonly state: State }
  | { readonly type: "refused"; readonly reason: string };

/** Applies one item of a block to a state. */
export function applyItem<State>(
  machine: StateMachine<State>,
  state: State,
  item: Item,
): Applied<State> {
  try {
    const next = machine.apply(state, item.bytes);
    if (next !== undefined) return { type: "applied", state: next };
    return { type: "refused", reason: "the item does not apply to the state" };
  } catch (error) {
    return { type: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Applies items in order. If one cannot apply, the result is a refusal. */
export function applyItems<State>(
  machine: StateMachine<State>,
  state: State,
  items: readonly Item[],
): Applied<State> {
  let reached = state;
  for (const [index, item] of items.entries()) {
    const applied = applyItem(machine, reached, item);
    if (applied.type === "refused") {
      return { type: "refused", reason: `item ${index + 1} of ${items.length}: ${applied.reason}` };
    }
    reached = applied.state;
  }
  return { type: "applied", state: reached };
}
