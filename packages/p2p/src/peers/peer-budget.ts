import { type AccountId, toHex } from "@aethel/models";
import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Rates at which a peer may cost us something. */
export interface PeerRates {
  readonly messages: TokenBucket;
  readonly messageBytes: TokenBucket;
  /** Bytes of our answers. */
  readonly served: TokenBucket;
  readonly items: TokenBucket;
  readonly itemBytes: TokenBucket;
  /** Signatures of its items that are verified. */
  readonly signatures: TokenBucket;
  /** Signatures of relayed messages that are verified for it, whoever their authors are. */
  readonly messageSignatures: TokenBucket;
}

/** Rates and counts of one peer, over all its connections. */
export interface PeerBudget extends PeerRates {
  /** Requests that we are answering. */
  serving: number;
  /** Requests that it has not answered yet. */
  asking: number;
  /** Bytes received of its answers that are not complete yet. */
  incoming: number;
  /** Malformed or rejected messages so far. */
  faults: number;
  /** Highest sequence that it claimed; it can only rise (B14). */
  height: number;
  /** Reasons that were reported already: one event each. */
  readonly reported: Set<DropReason>;
}

/** Budgets shared by all peers that are not validators, since peer ids cost nothing. */
export type ObserversBudget = Pick<PeerRates, "served" | "signatures" | "messageSignatures">;

/** Budgets of all connected peers. */
export interface PeerBudgets {
  /**
   * Returns the budget of a peer. `validator`: the one that it has proven to be. All peers that
   * prove the same one share its rates, also those that connect again.
   */
  of(peer: string, validator: AccountId | undefined): PeerBudget;
  /** Forgets a peer whose last connection closed. */
  forget(peer: string): void;
}

/** Most validators whose rates are remembered. */
const VALIDATORS_MAX = 1_024;

/** Creates the shared budgets, full; bursts are two seconds' worth. */
export function createObserversBudget(limits: PeerLimits, now: () => number): ObserversBudget {
  const bucket = createBuckets(now);
  return {
    served: bucket(limits.observersServedBytesPerSecondMax),
    signatures: bucket(limits.observersSignaturesPerSecondMax),
    messageSignatures: bucket(limits.observersMessageSignaturesPerSecondMax),
  };
}

/** Creates budgets of no peers yet. A new one is full; bursts are two seconds' worth. */
export function createPeerBudgets(limits: PeerLimits, now: () => number): PeerBudgets {
  const budgets = new Map<string, PeerBudget>();
  const ofValidators = new Map<string, PeerRates>();

  function ratesOf(validator: AccountId | undefined): PeerRates {
    if (validator === undefined) return createRates(limits, now);
    const name = toHex(validator);
    const rates = ofValidators.get(name) ?? createRates(limits, now);
    ofValidators.delete(name);
    ofValidators.set(name, rates);
    const oldest = ofValidators.keys().next().value;
    if (ofValidators.size > VALIDATORS_MAX && oldest !== undefined) ofValidators.delete(oldest);
    return rates;
  }

  return {
    of(peer, validator) {
      const counts = { serving: 0, asking: 0, incoming: 0, faults: 0, height: 0 };
      const known = budgets.get(peer);
      const budget = known ?? { ...ratesOf(validator), ...counts, reported: new Set() };
      budgets.set(peer, budget);
      return budget;
    },
    forget: (peer) => void budgets.delete(peer),
  };
}

function createRates(limits: PeerLimits, now: () => number): PeerRates {
  const bucket = createBuckets(now);
  return {
    messages: bucket(limits.messagesPerSecondMax),
    messageBytes: bucket(limits.messageBytesPerSecondMax),
    served: bucket(limits.servedBytesPerSecondMax),
    items: bucket(limits.itemsPerSecondMax),
    itemBytes: bucket(limits.itemBytesPerSecondMax),
    signatures: bucket(limits.signaturesPerSecondMax),
    messageSignatures: bucket(limits.messageSignaturesPerSecondMax),
  };
}

function createBuckets(now: () => number): (ratePerSecond: number) => TokenBucket {
  return (ratePerSecond) => createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
}
