import type { AuthorQueue } from "./author-queue.ts";
import { invokeFirst, judgedFirst, type Lane, laneOf, type PendingProof } from "./pending.ts";

/**
 * Two heaps of authors, one for each lane. An author is in a heap if its first proof could be in
 * the next block. The author with the best proof is on top.
 */
export interface ReadyHeads {
  /**
   * Sets the proof that an author offers to the next block. Undefined removes the author from the
   * heap.
   */
  offer(queue: AuthorQueue, head: PendingProof | undefined): void;
  readonly size: number;
  /**
   * Number of changes of the heaps so far. A caller that iterates over a lane MUST stop if it
   * changes.
   */
  readonly version: number;
  /**
   * Returns a lane as the array of a binary heap: element `i` comes before the elements `2i + 1`
   * and `2i + 2`. So a leader finds the best proofs without changing the heap and without visiting
   * all of it.
   */
  lane(lane: Lane): readonly AuthorQueue[];
}

type Before = (left: PendingProof, right: PendingProof) => boolean;

/** Creates the two heaps, both empty. */
export function createReadyHeads(): ReadyHeads {
  const lanes: Readonly<Record<Lane, AuthorQueue[]>> = { invoke: [], judged: [] };
  const orders: Readonly<Record<Lane, Before>> = { invoke: invokeFirst, judged: judgedFirst };
  let version = 0;
  return {
    get size() {
      return lanes.invoke.length + lanes.judged.length;
    },
    get version() {
      return version;
    },
    lane: (lane) => lanes[lane],
    offer: (queue, head) => {
      if (queue.offered === head) return;
      version += 1;
      if (queue.offered !== undefined) {
        const lane = laneOf(queue.offered);
        takeOut(lanes[lane], queue, orders[lane]);
      }
      queue.offered = head;
      if (head === undefined) return;
      const lane = laneOf(head);
      const items = lanes[lane];
      items.push(queue);
      rise(items, items.length - 1, orders[lane]);
    },
  };
}

function takeOut(items: AuthorQueue[], queue: AuthorQueue, before: Before): void {
  const at = queue.laneAt;
  queue.laneAt = -1;
  const last = items.pop();
  if (last === undefined || last === queue) return;
  items[at] = last;
  last.laneAt = at;
  rise(items, at, before);
  sink(items, last.laneAt, before);
}

function rise(items: AuthorQueue[], from: number, before: Before): void {
  const item = items[from];
  const head = item?.offered;
  if (item === undefined || head === undefined) return;
  let at = from;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = items[above];
    if (parent?.offered === undefined || !before(head, parent.offered)) break;
    items[at] = parent;
    parent.laneAt = at;
    at = above;
  }
  items[at] = item;
  item.laneAt = at;
}

function sink(items: AuthorQueue[], from: number, before: Before): void {
  const item = items[from];
  const head = item?.offered;
  if (item === undefined || head === undefined) return;
  let at = from;
  for (;;) {
    const [left, right] = [items[2 * at + 1], items[2 * at + 2]];
    if (left?.offered === undefined) break;
    const rightFirst = right?.offered !== undefined && before(right.offered, left.offered);
    const child = rightFirst ? right : left;
    if (child.offered === undefined || !before(child.offered, head)) break;
    items[at] = child;
    child.laneAt = at;
    at = 2 * at + (rightFirst ? 2 : 1);
  }
  items[at] = item;
  item.laneAt = at;
}
