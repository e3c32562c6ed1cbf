import { type AccountId, type ConsensusMessage, toHex } from "@aethel/models";

/** A message that waits to be authenticated. */
export interface Delivery {
  readonly message: ConsensusMessage;
  readonly from: AccountId | undefined;
}

/** Messages of one peer that may wait; more are dropped, and their sender sends again. */
const PER_PEER_MAX = 1_024;
/** Of these, requests for a view and NewViews, which carry whole certificates. */
const JUSTIFIED_PER_PEER_MAX = 8;
/** Of these, messages that carry a whole block. */
const BLOCKS_PER_PEER_MAX = 4;
/** Waiting messages of a lane that are shared fairly among the peers that have any. */
const LANE_SHARED = 16_384;
/** However many peers share, each may have so many. */
const SHARE_MIN = 16;
/** Messages of all that are not validators, however many they are. */
const OTHERS_MAX = 4_096;
/** Validators go first, but each so many-th message is one of the others, if they have any. */
const OTHERS_TURN = 8;

/**
 * Messages from outside, bounded for each peer and taken from one peer after the other, in the order
 * in which that peer sent them: however many flood, everybody else's next message is one round away.
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
  const validators = createLane(Number.POSITIVE_INFINITY);
  const others = createLane(OTHERS_MAX);
  let turn = 0;
  return {
    push(delivery) {
      // What was relayed has no sender to hold to account: one share for all of it.
      const name = delivery.from === undefined ? "relayed" : toHex(delivery.from);
      return (isValidator(name) ? validators : others).push(name, delivery);
    },
    shift() {
      turn = (turn + 1) % OTHERS_TURN;
      const [first, second] = turn === 0 ? [others, validators] : [validators, others];
      return first.shift() ?? second.shift();
    },
    size: () => validators.size() + others.size(),
    clear() {
      validators.clear();
      others.clear();
    },
  };
}

interface Lane {
  push(name: string, delivery: Delivery): boolean;
  shift(): Delivery | undefined;
  clear(): void;
  size(): number;
}

/** What one peer has waiting. `next`: what was taken already stays in front until all is. */
interface Waiting {
  readonly deliveries: Delivery[];
  next: number;
  justified: number;
  blocks: number;
}

function createLane(max: number): Lane {
  // In the order of turns: who was served goes to the end.
  const peers = new Map<string, Waiting>();
  let size = 0;
  return {
    push(name, delivery) {
      const waiting = peers.get(name) ?? { deliveries: [], next: 0, justified: 0, blocks: 0 };
      const share = Math.max(SHARE_MIN, Math.floor(LANE_SHARED / (peers.size + 1)));
      const count = waiting.deliveries.length - waiting.next;
      if (size >= max || count >= Math.min(PER_PEER_MAX, share)) return false;
      const [justified, blocks] = weightOf(delivery);
      if (waiting.justified + justified > JUSTIFIED_PER_PEER_MAX) return false;
      if (waiting.blocks + blocks > BLOCKS_PER_PEER_MAX) return false;
      waiting.justified += justified;
      waiting.blocks += blocks;
      waiting.deliveries.push(delivery);
      peers.set(name, waiting);
      size += 1;
      return true;
    },
    shift() {
      const first = peers.entries().next().value;
      if (first === undefined) return undefined;
      const [name, waiting] = first;
      const delivery = waiting.deliveries[waiting.next];
      peers.delete(name);
      if (delivery === undefined) return undefined;
      const [justified, blocks] = weightOf(delivery);
      waiting.next += 1;
      waiting.justified -= justified;
      waiting.blocks -= blocks;
      size -= 1;
      if (waiting.next === waiting.deliveries.length) return delivery;
      if (waiting.next >= PER_PEER_MAX) waiting.deliveries.splice(0, waiting.next);
      if (waiting.next >= PER_PEER_MAX) waiting.next = 0;
      peers.set(name, waiting);
      return delivery;
    },
    size: () => size,
    clear() {
      peers.clear();
      size = 0;
    },
  };
}

/** How many of the bounded kinds a message is: with certificates, with a block. */
function weightOf({ message }: Delivery): readonly [justified: number, blocks: number] {
  switch (message.type) {
    case "pre-prepare":
      return [0, message.block === undefined ? 0 : 1];
    case "view-change":
    case "new-view":
      return [1, 0];
    case "prepare":
    case "commit":
      return [0, 0];
  }
}
