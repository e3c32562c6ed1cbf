import {
  type AccountId,
  type ConsensusMessage,
  type QuorumCertificate,
  toHex,
} from "@aethel/models";
import { signerOf } from "./triage.ts";

/** A message that waits to be authenticated. */
export interface Delivery {
  readonly message: ConsensusMessage;
  readonly from: AccountId | undefined;
}

/** Messages of one peer that may wait; more are dropped, and their sender sends again. */
const PER_PEER_MAX = 1_024;
/** Most ViewChanges and NewViews among these, which carry whole certificates. */
const JUSTIFIED_PER_PEER_MAX = 8;
/** Messages among these that carry a whole block: 8 MiB each at most. */
const BLOCKS_PER_PEER_MAX = 2;
/** Most blocks of all peers of a lane: only leaders have one to send. */
const BLOCKS_MAX = 16;
/** Verifications that a peer's turn is good for; a dearer message takes several turns. */
const TURN_COST = 8;
/** No message waits for more turns than this cost takes. */
const COST_MAX = 64;
/** Waiting messages of a lane that are shared fairly among the peers that have any. */
const LANE_SHARED = 16_384;
/** However many peers share, each may have so many. */
const SHARE_MIN = 16;
/** Messages of all that are not validators, however many they are, and of all that was relayed. */
const OTHERS_MAX = 4_096;
/** Validators go first, but each so many-th message is of the others or relayed, in turn. */
const OTHERS_TURN = 8;

/**
 * Messages from outside, bounded for each peer and taken from one peer after the other, in the
 * order in which that peer sent them: however many flood, everybody else's next message is one
 * round away. A turn is worth so many verifications (deficit round robin, Shreedhar and Varghese
 * 1995), so that who sends what is dear to check takes no more than who sends votes.
 */
export interface InputQueue {
  /** False: dropped, the peer has too many waiting. */
  push(delivery: Delivery): boolean;
  shift(): Delivery | undefined;
  clear(): void;
  size(): number;
}

/** An empty queue. `isValidator` is asked for each message; it is given the id in hexadecimal. */
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

/** Deliveries of one peer that wait. `next`: what was taken already stays in front until all is. */
interface Waiting {
  readonly deliveries: Delivery[];
  next: number;
  /** Verifications that its turns are worth and that it has not used. */
  credit: number;
  justified: number;
  blocks: number;
}

/** `reserved`: so many messages each may have even when there are `max`. */
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

/** Signatures in a message, as many as it may cost to verify. */
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

/** Counts a message by the bounded kinds: with certificates, with a block. */
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
