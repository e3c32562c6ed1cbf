/** Binary heap. The item that comes before all others is on top. */
export interface Heap<T> {
  /** Adds an item. */
  push(item: T): void;
  /** Removes and returns the top, or returns undefined if the heap is empty. */
  pop(): T | undefined;
  /** Returns the top, or undefined if the heap is empty. */
  peek(): T | undefined;
  /** Keeps only the items for which `isWanted` returns true, in linear time. */
  retain(isWanted: (item: T) => boolean): void;
  readonly size: number;
}

/**
 * Creates an empty heap. `before` tells whether `left` comes before `right`; it MUST be a strict
 * order.
 */
export function createHeap<T>(before: (left: T, right: T) => boolean): Heap<T> {
  let items: T[] = [];
  return {
    push: (item) => {
      items.push(item);
      rise(items, before);
    },
    peek: () => items[0],
    get size() {
      return items.length;
    },
    pop: () => {
      const top = items[0];
      const last = items.pop();
      if (last !== undefined && items.length > 0) sink(items, { item: last, from: 0 }, before);
      return top;
    },
    retain: (isWanted) => {
      items = items.filter(isWanted);
      for (let from = (items.length >> 1) - 1; from >= 0; from--) {
        const item = items[from];
        if (item !== undefined) sink(items, { item, from }, before);
      }
    },
  };
}

function rise<T>(items: T[], before: (left: T, right: T) => boolean): void {
  let at = items.length - 1;
  const item = items[at];
  if (item === undefined) return;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = items[above];
    if (parent === undefined || !before(item, parent)) break;
    items[at] = parent;
    at = above;
  }
  items[at] = item;
}

/** Puts `item` at `from`, or below `from` where the heap order requires it. */
function sink<T>(
  items: T[],
  { item, from }: { readonly item: T; readonly from: number },
  before: (left: T, right: T) => boolean,
): void {
  let at = from;
  for (;;) {
    const [left, right] = [items[2 * at + 1], items[2 * at + 2]];
    if (left === undefined) break;
    const rightFirst = right !== undefined && before(right, left);
    const child = rightFirst ? right : left;
    if (!before(child, item)) break;
    items[at] = child;
    at = 2 * at + (rightFirst ? 2 : 1);
  }
  items[at] = item;
}
