import { type AccountId, toHex } from "@aethel/models";
import type { DropReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { createTokenBucket, type TokenBucket } from "./token-bucket.ts";

/** Topic to which a gossip stream belongs. */
export type GossipKind = "messages" | "items";

/** One budget for the bytes of each kind of gossip. */
export type GossipRates = Readonly<Record<GossipKind, TokenBucket>>;

/** Rates that bound the costs which a peer causes to this node. */
export interface PeerRates {
  readonly messages: TokenBucket;
  readonly messageBytes: TokenBucket;
  /** Budget for the bytes of this node's answers to the peer. */
  readonly served: TokenBucket;
  /** Budgets for the gossip that is read: of the topic of messages and of that of items. */
  readonly gossip: GossipRates;
  /** Budget for the signatures of the peer's items that this node verifies. */
  readonly signatures: TokenBucket;
  /**
   * Budget for the signatures of messages that the peer relays and this node verifies, whoever
   * their authors are.
   */
  readonly messageSignatures: TokenBucket;
}

/** Rates and counts of one peer, for all its connections together. */
export interface PeerBudget extends PeerRates {
  /** Number of the peer's requests that this node is answering. */
  serving: number;
  /** Number of this node's requests that the peer has not answered yet. */
  asking: number;
  /** Bytes received of the peer's incomplete answers. */
  incoming: number;
  /** Number of the peer's items that are being checked, or wait for that. */
  checking: number;
  /** Number of the peer's items that wait until their signatures are paid. */
  waiting: number;
  /** Resolves when the item of the peer that came last has its place in the line. */
  line: Promise<void>;
  /** Number of malformed or rejected messages so far. */
  faults: number;
  /**
   * Highest sequence that the peer claims to have finalized. A later claim of a lower one is a
   * violation (B14).
   */
  height: number;
  /**
   * Reasons for dropping something of the peer that were reported already. Each is reported once.
   */
  readonly reported: Set<DropReason>;
}

/** Budgets that all peers without a validator share, since peer ids cost nothing. */
export interface ObserversBudget
  extends Pick<PeerRates, "served" | "gossip" | "signatures" | "messageSignatures"> {
  /** Budget for messages and items that are dropped because their sender is over a budget. */
  readonly excess: TokenBucket;
}

/** Budgets of all connected peers. */
export interface PeerBudgets {
  /**
   * Returns the budget of a peer. `validator`: the validator that the peer has proven to be;
   * undefined if none. All peers that prove to be the same validator share its rates, even after
   * they connect again.
   */
  of(peer: string, validator: AccountId | undefined): PeerBudget;
  /** Forgets a peer whose last connection was closed. */
  forget(peer: string): void;
}

/** Most validators whose rates are remembered. */
const VALIDATORS_MAX = 1_024;

/**
 * Creates the budgets that all peers without a validator share. They are full at first. A burst is
 * the amount of two seconds.
 */
export function createObserversBudget(limits: PeerLimits, now: () => number): ObserversBudget {
  const bucket = createBuckets(now);
  return {
    served: bucket(limits.observersServedBytesPerSecondMax),
    gossip: gossipRates(limits.observersGossipBytesPerSecondMax, bucket),
    signatures: bucket(limits.observersSignaturesPerSecondMax),
    messageSignatures: bucket(limits.observersMessageSignaturesPerSecondMax),
    excess: bucket(limits.observersExcessPerSecondMax),
  };
}

/** Creates an empty set of budgets. A new budget is full. A burst is the amount of two seconds. */
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
      const requests = { serving: 0, asking: 0, incoming: 0, faults: 0, height: 0 };
      const items = { checking: 0, waiting: 0 };
      const fresh = {
        ...requests,
        ...items,
        line: Promise.resolve(),
        reported: new Set<DropReason>(),
      };
      const budget = budgets.get(peer) ?? { ...ratesOf(validator), ...fresh };
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
    gossip: gossipRates(limits.gossipBytesPerSecondMax, bucket),
    signatures: bucket(limits.signaturesPerSecondMax),
    messageSignatures: bucket(limits.messageSignaturesPerSecondMax),
  };
}

function gossipRates(
  bytesPerSecond: number,
  bucket: (ratePerSecond: number) => TokenBucket,
): GossipRates {
  return { messages: bucket(bytesPerSecond), items: bucket(bytesPerSecond) };
}

function createBuckets(now: () => number): (ratePerSecond: number) => TokenBucket {
  return (ratePerSecond) => createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
}
