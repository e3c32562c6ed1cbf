import { type AccountId, type ConsensusMessage, toHex } from "@aethel/models";

/** A message that waits to be authenticated. */
export interface Delivery {
  readonly message: ConsensusMessage;
  readonly from: AccountId | undefined;
}

/** Messages of one peer that may wait; more are dropped, and their sender sends again. */
const PER_PEER_MAX = 1_024;
/** Of these, messages that carry a whole block. */
const BLOCKS_PER_PEER_MAX = 4;
/** Messages of all peers that may wait. */
const TOTAL_MAX = 16_384;

/**
 * Messages from outside in order of arrival, bounded for each peer, so that a flood by one neither
 * grows memory nor keeps the others out.
 */
export interface InputQueue {
  /** False: dropped, the peer has too many waiting. */
  push(delivery: Delivery): boolean;
  shift(): Delivery | undefined;
  clear(): void;
  size(): number;
}

/** An empty queue. */
export function createInputQueue(): InputQueue {
  let waiting: Delivery[] = [];
  let next = 0;
  const counts = new Map<string, { messages: number; blocks: number }>();
  return {
    push(delivery) {
      const peer = peerKey(delivery);
      const count = counts.get(peer) ?? { messages: 0, blocks: 0 };
      const blocks = carriesBlock(delivery) ? 1 : 0;
      if (waiting.length - next >= TOTAL_MAX || count.messages >= PER_PEER_MAX) return false;
      if (blocks > 0 && count.blocks >= BLOCKS_PER_PEER_MAX) return false;
      counts.set(peer, { messages: count.messages + 1, blocks: count.blocks + blocks });
      waiting.push(delivery);
      return true;
    },
    shift() {
      const delivery = waiting[next];
      if (delivery === undefined) return undefined;
      next += 1;
      if (next > 1_024) {
        waiting = waiting.slice(next);
        next = 0;
      }
      release(counts, delivery);
      return delivery;
    },
    size: () => waiting.length - next,
    clear() {
      waiting = [];
      next = 0;
      counts.clear();
    },
  };
}

function release(
  counts: Map<string, { messages: number; blocks: number }>,
  delivery: Delivery,
): void {
  const peer = peerKey(delivery);
  const count = counts.get(peer);
  if (count === undefined) return;
  const blocks = count.blocks - (carriesBlock(delivery) ? 1 : 0);
  if (count.messages > 1) counts.set(peer, { messages: count.messages - 1, blocks });
  else counts.delete(peer);
}

function peerKey({ from }: Delivery): string {
  return from === undefined ? "relayed" : toHex(from);
}

function carriesBlock({ message }: Delivery): boolean {
  return message.type === "pre-prepare" && message.block !== undefined;
}
