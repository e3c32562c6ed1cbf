import { type AccountId, equalBytes, type Sequence } from "@aethel/models";

/** Grants of blocks to validators that listen on an idle chain, one for each. */
export type Listeners = readonly Grant[];

/** Blocks that are granted to one validator. */
export interface Grant {
  readonly validator: AccountId;
  /** Sequence up to which blocks are due although nothing is pending. */
  readonly until: Sequence;
  /** Sequence at which its window begins, and number of its grants since. */
  readonly since: Sequence;
  readonly count: number;
}

/** Whether a block at `sequence` is due for a validator that listens. */
export function isOwed(listeners: Listeners, sequence: Sequence): boolean {
  return listeners.some(({ until }) => sequence <= until);
}

/** Whether a block at `sequence` is due for this validator. */
export function isOwedTo(listeners: Listeners, validator: AccountId, sequence: Sequence): boolean {
  const own = listeners.filter((grant) => equalBytes(grant.validator, validator));
  return isOwed(own, sequence);
}
