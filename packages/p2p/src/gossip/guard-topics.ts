import { type ConsensusMessage, toHex } from "@aethel/models";
import { type GossipSub, TopicValidatorResult } from "@libp2p/gossipsub";
import type { DropReason, RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { ItemVerdict } from "../peer-transport.ts";
import type { GossipKind, ObserversBudget } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { createTokenBucket } from "../peers/token-bucket.ts";
import type { ChainProtocols } from "../protocols.ts";
import type { AuthorBudgets } from "./author-budgets.ts";
import { checkItem } from "./check-item.ts";
import { messageId } from "./gossip.ts";
import { fieldOf, notThere } from "./inside-gossipsub.ts";
import { createItemLine } from "./item-line.ts";
import { decodeMessage } from "./message-channel.ts";
import { boundOutgoing, type Outgoing } from "./outgoing.ts";
import { chargeEntries, createReadingPace, type ReadingPace } from "./reading-pace.ts";
import type { RecentDigests } from "./recent-digests.ts";
import type { RelayVerdict } from "./relay-check.ts";
import { type SeenMessages, seenMessages } from "./seen-messages.ts";
import { gateStreams } from "./session-gate.ts";

/** Parts of the transport that the checks of gossiped messages use. */
export interface GuardOptions {
  readonly limits: PeerLimits;
  readonly protocols: ChainProtocols;
  readonly sessions: Sessions;
  readonly observers: ObserversBudget;
  readonly authors: AuthorBudgets;
  /** Digests of statements that were relayed or delivered lately, from `statementOf`. */
  readonly statements: RecentDigests;
  /** Returns how many signature checks an item costs. Undefined if the item is malformed. */
  itemCost(bytes: Uint8Array): number | undefined;
  item(bytes: Uint8Array, session: Session): ItemVerdict | Promise<ItemVerdict>;
  /** Checks the signatures of a relayed message. */
  judge(message: ConsensusMessage): RelayVerdict;
  /** Returns the number of signatures that were verified so far. */
  verifications(): number;
  receive(message: ConsensusMessage, bytes: Uint8Array): void;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
  readonly refuse: (session: Session, reason: RefusalReason) => void;
  /** Called with each message and item that came from a peer, or was sent to it. */
  readonly counted: (peer: string, kind: GossipKind, direction: "in" | "out") => void;
  readonly now: () => number;
}

/**
 * Bytes of a message that cost as much as one signature check. They count because outlines must be
 * hashed even if the author's signature was verified before.
 */
const BYTES_PER_CHECK = 4_096;

/** Both instances of gossipsub: that of messages and that of items. */
export type GossipPair = Readonly<Record<GossipKind, GossipSub>>;

/** Gossip whose checks and bounds are set. */
export interface GuardedGossip {
  /** Queues of items that were not sent yet. */
  readonly items: Outgoing;
  /** Returns the score that gossip gives to a peer: the lower of both kinds of gossip. */
  readonly scoreOf: (peer: string) => number;
}

/** Sets, for both topics, the functions that check messages, deliver them and bound them. */
export function guardTopics(gossip: GossipPair, options: GuardOptions): GuardedGossip {
  const { limits, protocols, observers, now } = options;
  const ratePerSecond = limits.allSignaturesPerSecondMax;
  const all = createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
  const isObserverHere = (session: Session): boolean => isObserver(session, options);
  const line = createItemLine({ limits, observers, all, isObserver: isObserverHere });
  const { pace, seen, outgoing } = bound("items", gossip, options);
  bound("messages", gossip, options);
  guard("items", gossip, options, (data, session) => {
    const id = messageId(protocols.itemTopic, data);
    return checkItem(data, session, { ...options, line, pace, seen, id });
  });
  guard("messages", gossip, options, (data, session) => checkMessage(data, session, options));
  return {
    items: outgoing,
    scoreOf: (peer) => Math.min(scoreOf(gossip.messages, peer), scoreOf(gossip.items, peer)),
  };
}

function scoreOf(gossip: GossipSub, peer: string): number {
  const getScore = fieldOf(gossip, "getScore");
  if (typeof getScore !== "function") throw notThere("getScore");
  const score: unknown = Reflect.apply(getScore, gossip, [peer]);
  return typeof score === "number" ? score : 0;
}

/** Bounds the reading and the sending of one kind of gossip. */
function bound(
  kind: GossipKind,
  gossip: GossipPair,
  options: GuardOptions,
): { readonly pace: ReadingPace; readonly seen: SeenMessages; readonly outgoing: Outgoing } {
  const { limits, sessions, observers, drop } = options;
  const isObserverHere = (session: Session): boolean => isObserver(session, options);
  const pace = createReadingPace({ kind, limits, observers, isObserver: isObserverHere });
  gateStreams(gossip[kind], sessions, pace.ready);
  chargeEntries(gossip[kind], { sessions, pace });
  const outgoing = boundOutgoing(gossip[kind], {
    queueBytesMax: kind === "items" ? limits.itemQueueBytesMax : limits.outboundBytesMax,
    answerBytesMax: limits.gossipBytesMax,
    sessions,
    pace,
    drop,
    onSent: (peer) => options.counted(peer, kind, "out"),
  });
  return { pace, seen: seenMessages(gossip[kind]), outgoing };
}

/** Sets the function that checks what comes on the topic of one kind of gossip. */
function guard(
  kind: GossipKind,
  gossip: GossipPair,
  options: GuardOptions,
  check: (data: Uint8Array, session: Session) => ItemVerdict | Promise<ItemVerdict>,
): void {
  const { Accept, Ignore, Reject } = TopicValidatorResult;
  const results = { accept: Accept, ignore: Ignore, later: Ignore, reject: Reject };
  const { protocols, sessions } = options;
  const topic = kind === "items" ? protocols.itemTopic : protocols.consensusTopic;
  const { forget } = seenMessages(gossip[kind]);
  gossip[kind].topicValidators.set(topic, async (peer, { data }) => {
    const session = sessions.ofPeer(peer.toString());
    if (session !== undefined) options.counted(session.peer, kind, "in");
    const verdict = session === undefined ? "later" : await check(data, session);
    if (verdict === "later") forget(messageId(topic, data));
    return results[verdict];
  });
}

/**
 * Checks a consensus message. The cost is charged to the peer that relayed it. The author is
 * charged only after the message is proven to be from it.
 */
function checkMessage(data: Uint8Array, session: Session, options: GuardOptions): ItemVerdict {
  const { messages, messageBytes } = session.budget;
  if (!messages.take(1) || !messageBytes.take(data.length) || isInDebt(session, options)) {
    return dropExcess(session, options);
  }
  const message = decodeMessage(data);
  if (message === undefined) {
    options.fault(session, "malformed");
    return "reject";
  }
  const before = options.verifications();
  const verdict = options.judge(message);
  const hashed = Math.floor(data.length / BYTES_PER_CHECK);
  charge(session, options.verifications() - before + hashed, options);
  switch (verdict.type) {
    case "unknown":
      return "ignore";
    case "forged":
      options.fault(session, "forged");
      return "reject";
    case "authored":
    case "proven": {
      // Others can put a certificate together from other votes, and each would be another message.
      const statement = `${verdict.type} ${statementOf(message)}`;
      if (options.statements.has(statement)) return "ignore";
      if (!options.authors.take(verdict.author)) return "ignore";
      options.statements.add(statement);
      options.receive(message, data);
      return verdict.type === "proven" ? "accept" : "ignore";
    }
  }
}

/**
 * Returns a text that identifies what the author of a message signed, whatever others attached to
 * it. At most two forms of a statement have different texts, and neither keeps the other away: a
 * proposal with and without its outline, and a NewView with and without a PREPARE certificate. Of
 * the other forms one is worth as much as another, because the message was checked to be whole.
 */
function statementOf(message: ConsensusMessage): string {
  switch (message.type) {
    case "prepare":
    case "commit":
    case "view-change":
      return `${message.type} ${toHex(message.signature)}`;
    case "pre-prepare": {
      const form = message.outline === undefined ? "bare" : "outlined";
      return `${message.type} ${form} ${toHex(message.proposal.signature)}`;
    }
    case "new-view": {
      const form = message.prepareCertificate === undefined ? "fresh" : "prepared";
      return `${message.type} ${form} ${toHex(message.proposal.signature)}`;
    }
  }
}

/**
 * Drops an item or message of a sender that is over a budget. Gossipsub has already read and hashed
 * it, so a flood costs time although all of it is dropped. Observers share a budget for that, and
 * one that sends more is disconnected.
 */
function dropExcess(session: Session, options: GuardOptions): ItemVerdict {
  options.drop(session, "too-fast");
  const isTooMuch = isObserver(session, options) && !options.observers.excess.take(1);
  if (isTooMuch) options.refuse(session, "misbehaving");
  return "later";
}

/** Whether earlier checks for a peer have cost more than its budget. */
function isInDebt(session: Session, options: GuardOptions): boolean {
  if (!session.budget.messageSignatures.take(0)) return true;
  return isObserver(session, options) && !options.observers.messageSignatures.take(0);
}

function charge(session: Session, checks: number, options: GuardOptions): void {
  session.budget.messageSignatures.owe(checks);
  if (isObserver(session, options)) options.observers.messageSignatures.owe(checks);
}

function isObserver(session: Session, { sessions }: GuardOptions): boolean {
  return sessions.isGuest(session);
}
