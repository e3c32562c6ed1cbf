import { createHeap } from "@aethel/ledger";

/** Something that will happen. */
export interface ScheduledEvent {
  readonly atMs: number;
  /** Order of scheduling: of two events at one time the earlier scheduled happens first. */
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** A queue by (time, order): the only one of a virtual world. */
export interface EventQueue {
  push(event: ScheduledEvent): void;
  /** Removes and returns the earliest event that is not cancelled. */
  pop(): ScheduledEvent | undefined;
  /** Returns the earliest event that is not cancelled. */
  peek(): ScheduledEvent | undefined;
  readonly size: number;
}

/** Creates an empty queue. */
export function createEventQueue(): EventQueue {
  const heap = createHeap(isBefore);
  const dropCancelled = (): void => {
    while (heap.peek()?.cancelled === true) heap.pop();
  };
  return {
    get size() {
      return heap.size;
    },
    push: (event) => heap.push(event),
    pop() {
      dropCancelled();
      return heap.pop();
    },
    peek() {
      dropCancelled();
      return heap.peek();
    },
  };
}

function isBefore(left: ScheduledEvent, right: ScheduledEvent): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}
