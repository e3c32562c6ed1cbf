import { type AccountId, equalBytes, type Sequence } from "@aethel/models";

/**
 * Grants to validators that are listening (following without signing) on an idle chain, one for
 * each validator. While a grant lasts, blocks are made although nothing is pending.
 */
export type Listeners = readonly Grant[];

/** Grant to one listening validator: blocks are made for it although nothing is pending. */
export interface Grant {
  readonly validator: AccountId;
  /** Last sequence for which a block is made although nothing is pending. */
  readonly until: Sequence;
  /**
   * Sequence at which the window for counting grants begins. `count`: number of grants to the
   * validator since then.
   */
  readonly since: Sequence;
  readonly count: number;
}

/** Whether a listening validator is granted a block at `sequence`. */
export function isOwed(listeners: Listeners, sequence: Sequence): boolean {
  return listeners.some(({ until }) => sequence <= until);
}

/** Whether this validator is granted a block at `sequence`. */
export function isOwedTo(listeners: Listeners, validator: AccountId, sequence: Sequence): boolean {
  const own = listeners.filter((grant) => equalBytes(grant.validator, validator));
  return isOwed(own, sequence);
}
