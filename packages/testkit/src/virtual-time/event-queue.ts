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
  const heap: ScheduledEvent[] = [];
  const dropCancelled = (): void => {
    while (heap[0]?.cancelled === true) removeFirst(heap);
  };
  return {
    get size() {
      return heap.length;
    },
    push(event) {
      heap.push(event);
      siftUp(heap, heap.length - 1);
    },
    pop() {
      dropCancelled();
      return removeFirst(heap);
    },
    peek() {
      dropCancelled();
      return heap[0];
    },
  };
}

function removeFirst(heap: ScheduledEvent[]): ScheduledEvent | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || first === last) return first;
  heap[0] = last;
  siftDown(heap, 0);
  return first;
}

function before(left: ScheduledEvent, right: ScheduledEvent): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
}

function siftUp(heap: ScheduledEvent[], start: number): void {
  let at = start;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!swapIfBefore(heap, at, above)) return;
    at = above;
  }
}

function siftDown(heap: ScheduledEvent[], start: number): void {
  let at = start;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const [one, two] = [heap[left], heap[right]];
    if (one === undefined) return;
    const child = two !== undefined && before(two, one) ? right : left;
    if (!swapIfBefore(heap, child, at)) return;
    at = child;
  }
}

function swapIfBefore(heap: ScheduledEvent[], lower: number, upper: number): boolean {
  const [low, up] = [heap[lower], heap[upper]];
  if (low === undefined || up === undefined || !before(low, up)) return false;
  heap[lower] = up;
  heap[upper] = low;
  return true;
}
