import { createHeap } from "../collections/heap.ts";
import type { AuthorQueue, End, RoomName } from "./author-queue.ts";
import type { PendingProof } from "./pending.ts";

/** Proofs that share bounds, and the order in which they give way. */
export interface Room {
  enter(pending: PendingProof): void;
  leave(pending: PendingProof): void;
  /** After any change of an author's proofs in the room. */
  note(queue: AuthorQueue): void;
  /**
   * What gives way for what is `wanted`, and nothing is changed. Undefined when that is not enough,
   * or would be too many.
   */
  choose(wanted: Wanted): readonly End[] | undefined;
  readonly count: number;
  readonly size: number;
}

/** Room that is lacking. */
export interface Wanted {
  readonly count: number;
  readonly size: number;
  /** Whether this one gives way to the newcomer; where one does not, none after it does. */
  readonly mayTake: (end: End) => boolean;
  /** Leave anyway, and so are none of those chosen. */
  readonly leaving: readonly PendingProof[];
}

/** Properties that tell rooms apart. */
export interface RoomRules {
  readonly name: RoomName;
  readonly sizeOf: (pending: PendingProof) => number;
  /** The last proof of an author in the room, or the last before another end. */
  readonly endOf: (queue: AuthorQueue, after?: End) => End | undefined;
  /** A strict order in which every earlier proof of an author comes after the later ones. */
  readonly first: (left: End, right: End) => boolean;
}

/**
 * The most that one newcomer drives out. Who is refused pays nothing, so what looking for room
 * costs must have an end; the longest script needs fewer of the shortest proofs.
 */
const CHOSEN_MAX = 512;

/** An empty room. Ends that are no longer true are dropped when they are met. */
export function createRoom({ name, sizeOf, endOf, first }: RoomRules): Room {
  const ends = createHeap<End>(first);
  let count = 0;
  let size = 0;
  const isCurrent = (end: End): boolean => end.queue.ends[name] === end;
  /**
   * Most newcomers to a full room are refused for its first end: that is seen before it is taken
   * out.
   */
  const givesWayAtAll = ({ count: more, size: larger, leaving, mayTake }: Wanted): boolean => {
    if (more <= 0 && larger <= 0) return true;
    let top = ends.peek();
    for (; top !== undefined && !isCurrent(top); top = ends.peek()) ends.pop();
    return top !== undefined && (leaving.includes(top.pending) || mayTake(top));
  };
  return {
    get count() {
      return count;
    },
    get size() {
      return size;
    },
    enter: (pending) => {
      count += 1;
      size += sizeOf(pending);
    },
    leave: (pending) => {
      count -= 1;
      size -= sizeOf(pending);
    },
    note: (queue) => {
      const end = endOf(queue);
      const known = queue.ends[name];
      if (isSame(known, end)) return;
      queue.ends[name] = end;
      if (end === undefined) return;
      ends.push(end);
      if (ends.size > 2 * count + 1_024) ends.retain(isCurrent);
    },
    choose: (wanted) => {
      if (!givesWayAtAll(wanted)) return undefined;
      const chosen: End[] = [];
      const looked: End[] = [];
      const behind = new Set<End>();
      let freed = 0;
      while ((chosen.length < wanted.count || freed < wanted.size) && chosen.length < CHOSEN_MAX) {
        const end = ends.pop();
        if (end === undefined) break;
        if (isCurrent(end)) looked.push(end);
        else if (!behind.has(end)) continue;
        if (!wanted.leaving.includes(end.pending)) {
          if (!wanted.mayTake(end)) break;
          chosen.push(end);
          freed += sizeOf(end.pending);
        }
        const before = endOf(end.queue, end);
        if (before === undefined) continue;
        behind.add(before);
        ends.push(before);
      }
      for (const end of looked) ends.push(end);
      return chosen.length >= wanted.count && freed >= wanted.size ? chosen : undefined;
    },
  };
}

function isSame(left: End | undefined, right: End | undefined): boolean {
  return (
    left?.pending === right?.pending &&
    left?.at === right?.at &&
    left?.measure === right?.measure &&
    left?.since === right?.since
  );
}
