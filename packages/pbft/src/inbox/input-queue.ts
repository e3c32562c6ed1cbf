import {
  type AccountId,
  type ConsensusMessage,
  type QuorumCertificate,
  toHex,
} from "@aethel/models";
import { signerOf } from "../statement.ts";

/** Message that waits to be authenticated, and its sender. */
export interface Delivery {
  readonly message: ConsensusMessage;
  readonly from: AccountId | undefined;
}

/**
 * Most waiting messages of one peer. Further ones are dropped, and their sender sends them again
 * later.
 */
const PER_PEER_MAX = 1_024;
/** Most waiting ViewChanges and NewViews of one peer. They carry whole certificates. */
const JUSTIFIED_PER_PEER_MAX = 8;
/** Most waiting messages of one peer that carry a whole block, of at most 8 MiB each. */
const BLOCKS_PER_PEER_MAX = 2;
/**
 * Most waiting blocks of all peers of one lane (a queue for one kind of peers). Only leaders have
 * one to send.
 */
const BLOCKS_MAX = 16;
/** Verifications that a peer may use in one turn. A message that needs more takes several turns. */
const TURN_COST = 8;
/**
 * Most verifications for which a message is charged. It bounds the turns for which a message waits.
 */
const COST_MAX = 64;
/**
 * Number of waiting messages that the peers of one lane (a queue for one kind of peers) share
 * equally.
 */
const LANE_SHARED = 16_384;
/** Least number of waiting messages of a peer, however many peers there are. */
const SHARE_MIN = 16;
/**
 * Most waiting messages of all peers that are no validators. The same bound applies to relayed
 * messages.
 */
const OTHERS_MAX = 4_096;
/**
 * Number of messages taken from the queue in a row, of which at least one is not from validators if
 * any such waits. Otherwise the messages of validators are taken first.
 */
const OTHERS_TURN = 8;

/**
 * Queue of messages from outside, bounded for each peer. Peers take turns, and the messages of one
 * peer keep their order. However many peers flood, the next message of any other peer comes within
 * one round of turns. A turn pays for a number of verifications (deficit round robin, Shreedhar and
 * Varghese 1995). So a peer whose messages are costly to check gets no more verifications than one
 * that sends votes.
 */
export interface InputQueue {
  /** Adds a message. Returns false if it was dropped because a bound was reached. */
  push(delivery: Delivery): boolean;
  shift(): Delivery | undefined;
  clear(): void;
  size(): number;
}

/**
 * Creates an empty queue. `isValidator` is called for each message with its sender's id in
 * hexadecimal digits.
 */
export function createInputQueue(isValidator: (name: string) => boolean): InputQueue {
  const validators = createLane({ max: Number.POSITIVE_INFINITY, reserved: SHARE_MIN });
  // What was relayed has no sender to hold to account: whoever is said to have signed it has a share.
  const relayed = createLane({ max: OTHERS_MAX, reserved: SHARE_MIN });
  const others = createLane({ max: OTHERS_MAX, reserved: 0 });
  const lanes = [validators, relayed, others];
  let turn = 0;
  return {
    push(delivery) {
      const { from, message } = delivery;
      if (from === undefined) return relayed.push(String(signerOf(message)), delivery);
      const name = toHex(from);
      return (isValidator(name) ? validators : others).push(name, delivery);
    },
    shift() {
      turn = (turn + 1) % (2 * OTHERS_TURN);
      const outside = turn < OTHERS_TURN ? [others, relayed] : [relayed, others];
      const order = turn % OTHERS_TURN === 0 ? [...outside, validators] : [validators, ...outside];
      for (const lane of order) {
        const delivery = lane.shift();
        if (delivery !== undefined) return delivery;
      }
      return undefined;
    },
    size: () => lanes.reduce((sum, lane) => sum + lane.size(), 0),
    clear() {
      for (const lane of lanes) lane.clear();
    },
  };
}

interface Lane {
  push(name: string, delivery: Delivery): boolean;
  shift(): Delivery | undefined;
  clear(): void;
  size(): number;
}

/**
 * Waiting messages of one peer. Those before index `next` were taken already; they are removed
 * later, many at a time.
 */
interface Waiting {
  readonly deliveries: Delivery[];
  next: number;
  /** Verifications for which the peer's turns have paid and that are not used yet. */
  credit: number;
  justified: number;
  blocks: number;
}

/**
 * Creates a lane: peers that take turns. Each peer may have `reserved` waiting messages even if all
 * peers together have `max`.
 */
function createLane({ max, reserved }: { readonly max: number; readonly reserved: number }): Lane {
  // In the order of turns: who was served goes to the end.
  const peers = new Map<string, Waiting>();
  let size = 0;
  let allBlocks = 0;
  const empty = (): Waiting => ({ deliveries: [], next: 0, credit: 0, justified: 0, blocks: 0 });

  const take = (name: string, waiting: Waiting, delivery: Delivery): Delivery => {
    const [justified, blocks] = weightOf(delivery);
    waiting.next += 1;
    waiting.justified -= justified;
    waiting.blocks -= blocks;
    allBlocks -= blocks;
    size -= 1;
    if (waiting.next === waiting.deliveries.length) return delivery;
    if (waiting.next >= PER_PEER_MAX) waiting.deliveries.splice(0, waiting.next);
    if (waiting.next >= PER_PEER_MAX) waiting.next = 0;
    peers.set(name, waiting);
    return delivery;
  };

  return {
    push(name, delivery) {
      const waiting = peers.get(name) ?? empty();
      const share = Math.max(SHARE_MIN, Math.floor(LANE_SHARED / (peers.size + 1)));
      const count = waiting.deliveries.length - waiting.next;
      const isFull = size >= max && count >= reserved;
      if (isFull || count >= Math.min(PER_PEER_MAX, share)) return false;
      const [justified, blocks] = weightOf(delivery);
      if (waiting.justified + justified > JUSTIFIED_PER_PEER_MAX) return false;
      if (waiting.blocks + blocks > BLOCKS_PER_PEER_MAX) return false;
      if (allBlocks + blocks > BLOCKS_MAX) return false;
      waiting.justified += justified;
      waiting.blocks += blocks;
      allBlocks += blocks;
      waiting.deliveries.push(delivery);
      peers.set(name, waiting);
      size += 1;
      return true;
    },
    shift() {
      for (;;) {
        const first = peers.entries().next().value;
        if (first === undefined) return undefined;
        const [name, waiting] = first;
        const delivery = waiting.deliveries[waiting.next];
        peers.delete(name);
        if (delivery === undefined) continue;
        const cost = Math.min(COST_MAX, costOf(delivery));
        // Alone, it need not wait for turns that nobody else takes.
        const credit = peers.size === 0 ? cost : waiting.credit + TURN_COST;
        if (credit >= cost) {
          waiting.credit = Math.min(TURN_COST, credit - cost);
          return take(name, waiting, delivery);
        }
        waiting.credit = credit;
        peers.set(name, waiting);
      }
    },
    size: () => size,
    clear() {
      peers.clear();
      size = 0;
      allBlocks = 0;
    },
  };
}

/** Returns the number of signatures in a message, which is the most that it can cost to verify. */
function costOf({ message }: Delivery): number {
  switch (message.type) {
    case "prepare":
    case "commit":
      return 1;
    case "pre-prepare":
      return 1 + signaturesIn(message.outline?.parentCertificate);
    case "view-change":
    case "new-view":
      return (
        (message.type === "new-view" ? message.votes.length : 0) +
        signaturesIn(message.parentCertificate) +
        signaturesIn(message.prepareCertificate) +
        1
      );
  }
}

function signaturesIn(certificate: QuorumCertificate | undefined): number {
  return certificate?.signers.filter(Boolean).length ?? 0;
}

/**
 * Returns 1 or 0 for each of the two kinds with a bound of their own: messages that carry
 * certificates to justify them, and messages that carry a block.
 */
function weightOf({ message }: Delivery): readonly [justified: number, blocks: number] {
  switch (message.type) {
    case "pre-prepare":
      return [0, message.outline === undefined ? 0 : 1];
    case "view-change":
    case "new-view":
      return [1, 0];
    case "prepare":
    case "commit":
      return [0, 0];
  }
}
