import { createHeap } from "@aethel/ledger";

/** An action that happens at some virtual time. */
export interface ScheduledEvent {
  readonly atMs: number;
  /**
   * Number in the order of scheduling. Of two events with the same time, the one that was scheduled
   * first happens first.
   */
  readonly order: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** The queue of all events of a virtual world, ordered by time and then by order of scheduling. */
export interface EventQueue {
  push(event: ScheduledEvent): void;
  /** Removes and returns the earliest event that is not cancelled. Undefined if there is none. */
  pop(): ScheduledEvent | undefined;
  /**
   * Returns the earliest event that is not cancelled, without removing it. Undefined if there is
   * none.
   */
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
