import { type AccountId, equalBytes, type Sequence } from "@aethel/models";

/** Requests of validators that listen on an idle chain, one grant each. */
export type Listeners = readonly Grant[];

/** Requests of one validator. */
export interface Grant {
  readonly validator: AccountId;
  /** Blocks are due up to this sequence although nothing is pending. */
  readonly until: Sequence;
  /** Beginning of its window, and how often it has asked since. */
  readonly since: Sequence;
  readonly count: number;
}

/** Whether a block at `sequence` is due for somebody who listens. */
export function isOwed(listeners: Listeners, sequence: Sequence): boolean {
  return listeners.some(({ until }) => sequence <= until);
}

/** Whether one is due for this validator. */
export function isOwedTo(listeners: Listeners, validator: AccountId, sequence: Sequence): boolean {
  const own = listeners.filter((grant) => equalBytes(grant.validator, validator));
  return isOwed(own, sequence);
}
