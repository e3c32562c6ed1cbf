import { type AccountId, type Sequence, toSequence } from "@aethel/models";
import type { State } from "../state.ts";

/** What validators that listen have asked for on an idle chain. */
export interface Listeners {
  /** Blocks are due up to this sequence although nothing is pending. */
  readonly until: Sequence;
  readonly grants: readonly Grant[];
}

/** What one validator has asked for. */
export interface Grant {
  readonly validator: AccountId;
  /** Where its window began, and how often it has asked since. */
  readonly since: Sequence;
  readonly count: number;
}

/** Nobody has asked. */
export function noListeners(): Listeners {
  return { until: toSequence(0), grants: [] };
}

/** Whether a block at `sequence` is due for somebody who listens. */
export function isOwed({ listeners }: Pick<State, "listeners">, sequence: Sequence): boolean {
  return sequence <= listeners.until;
}
