/** A binary heap: the item that comes first under `before` is on top. */
export interface Heap<T> {
  push(item: T): void;
  /** Removes and returns the top; undefined when empty. */
  pop(): T | undefined;
  peek(): T | undefined;
  readonly size: number;
}

/** An empty heap. `before` MUST be a strict order, or what comes out is in no order. */
export function createHeap<T>(before: (left: T, right: T) => boolean): Heap<T> {
  const items: T[] = [];
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
      if (last !== undefined && items.length > 0) sink(items, last, before);
      return top;
    },
  };
}

function rise<T>(items: T[], before: (left: T, right: T) => boolean): void {
  let at = items.length - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const [item, parent] = [items[at], items[above]];
    if (item === undefined || parent === undefined || !before(item, parent)) return;
    items[at] = parent;
    items[above] = item;
    at = above;
  }
}

function sink<T>(items: T[], item: T, before: (left: T, right: T) => boolean): void {
  let at = 0;
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
