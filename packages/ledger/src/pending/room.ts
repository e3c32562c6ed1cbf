import { createHeap } from "../collections/heap.ts";
import type { AuthorQueue, End, RoomName } from "./author-queue.ts";
import type { PendingProof } from "./pending.ts";

/** Set of proofs with common bounds, and the order in which they give way. */
export interface Room {
  enter(pending: PendingProof): void;
  leave(pending: PendingProof): void;
  /** Updates which proof of an author is evicted first, after its proofs in the room changed. */
  note(queue: AuthorQueue): void;
  /**
   * Chooses the proofs that give way for what is `wanted`, without changing anything. Returns
   * undefined when they do not suffice, or would be too many.
   */
  choose(wanted: Wanted): readonly End[] | undefined;
  readonly count: number;
  readonly size: number;
}

/** Room that is needed. */
export interface Wanted {
  readonly count: number;
  readonly size: number;
  /** Whether an end gives way to the newcomer. After the first that does not, none does. */
  readonly mayTake: (end: End) => boolean;
  /** Proofs that leave anyway, and are not chosen. */
  readonly leaving: readonly PendingProof[];
}

/** Properties of a room. */
export interface RoomRules {
  readonly name: RoomName;
  readonly sizeOf: (pending: PendingProof) => number;
  /** Returns the last proof of an author in the room, or the last before another end. */
  readonly endOf: (queue: AuthorQueue, after?: End) => End | undefined;
  /** Strict order in which every earlier proof of an author comes after the later ones. */
  readonly first: (left: End, right: End) => boolean;
}

/**
 * Most proofs that one newcomer can evict. A refused newcomer pays no fee, so the search must be
 * bounded. The bound is high enough: even if all proofs have the least size, evicting fewer than
 * this makes room for the longest script.
 */
const CHOSEN_MAX = 512;

/** Creates an empty room. Outdated ends are dropped when they are found. */
export function createRoom({ name, sizeOf, endOf, first }: RoomRules): Room {
  const ends = createHeap<End>(first);
  let count = 0;
  let size = 0;
  const isCurrent = (end: End): boolean => end.queue.ends[name] === end;
  /**
   * Whether the first end gives way. Most newcomers to a full room are refused for it, so it is
   * checked before it is taken out.
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
