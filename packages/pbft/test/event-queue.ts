/** Queue of events in virtual time: a heap, first by time, then by order of arrival. */
export interface EventQueue {
  push(at: number, run: () => void): void;
  /** The next event up to `end`, or undefined. */
  pop(end: number): { readonly at: number; readonly run: () => void } | undefined;
}

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export function createEventQueue(): EventQueue {
  const queue: Event[] = [];
  let order = 0;
  return {
    push(time, run) {
      order += 1;
      const entry = { at: time, order, run };
      let at = queue.length;
      queue.push(entry);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        const above = queue[parent];
        if (above === undefined || !isBefore(entry, above)) break;
        queue[at] = above;
        at = parent;
      }
      queue[at] = entry;
    },
    pop(end) {
      const [first] = queue;
      if (first === undefined || first.at > end) return undefined;
      const last = queue.pop();
      if (last === undefined || queue.length === 0) return first;
      let at = 0;
      for (;;) {
        const [left, right] = [queue[2 * at + 1], queue[2 * at + 2]];
        const smaller = right !== undefined && left !== undefined && isBefore(right, left);
        const child = smaller ? right : left;
        if (child === undefined || !isBefore(child, last)) break;
        queue[at] = child;
        at = smaller ? 2 * at + 2 : 2 * at + 1;
      }
      queue[at] = last;
      return first;
    },
  };
}

function isBefore(left: Event, right: Event): boolean {
  return left.at === right.at ? left.order < right.order : left.at < right.at;
}
