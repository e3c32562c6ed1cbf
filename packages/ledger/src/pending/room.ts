import { createHeap } from "../collections/heap.ts";
import type { AuthorQueue, End, RoomName } from "./author-queue.ts";
import type { PendingProof } from "./pending.ts";

/**
 * Part of the mempool: a set of proofs with common bounds, and the order in which they are evicted.
 */
export interface Room {
  enter(pending: PendingProof): void;
  leave(pending: PendingProof): void;
  /**
   * Updates the author's proof that is evicted first. MUST be called after the author's proofs in
   * this part of the mempool changed.
   */
  note(queue: AuthorQueue): void;
  /**
   * Chooses proofs to evict so that `wanted` becomes free. Does not evict them. Returns undefined
   * if the evictable proofs do not suffice, or if there would be too many.
   */
  choose(wanted: Wanted): readonly End[] | undefined;
  readonly count: number;
  readonly size: number;
}

/**
 * Amount that must become free: a number of proofs (`count`) and their total size (`size`, in
 * bytes; for waiting proofs in kibibytes). Numbers up to 0 are free already.
 */
export interface Wanted {
  readonly count: number;
  readonly size: number;
  /**
   * Whether the newcomer may evict this proof. After the first proof that the newcomer may not
   * evict, no other is asked about.
   */
  readonly mayTake: (end: End) => boolean;
  /** Proofs that are never chosen, because they leave for another reason or must stay. */
  readonly leaving: readonly PendingProof[];
}

/** Rules of one part of the mempool. */
export interface RoomRules {
  readonly name: RoomName;
  readonly sizeOf: (pending: PendingProof) => number;
  /**
   * Returns the author's last proof in this part of the mempool that can be evicted. With `after`,
   * returns the last one before that proof. Undefined if there is none.
   */
  readonly endOf: (queue: AuthorQueue, after?: End) => End | undefined;
  /**
   * Eviction order: whether `left` is evicted before `right`. MUST be strict, and MUST evict the
   * later proofs of an author before its earlier ones.
   */
  readonly first: (left: End, right: End) => boolean;
}

/**
 * Most proofs that one newcomer can evict. The search for them must be bounded, since a refused
 * newcomer pays no fee. The bound suffices: evicting fewer proofs of the least possible size frees
 * enough bytes for the longest script.
 */
const CHOSEN_MAX = 512;

/**
 * Creates an empty part of the mempool. Outdated entries of the eviction order are dropped when
 * they are found, or all at once when there are too many.
 */
export function createRoom({ name, sizeOf, endOf, first }: RoomRules): Room {
  const ends = createHeap<End>(first);
  let count = 0;
  let size = 0;
  const isCurrent = (end: End): boolean => end.queue.ends[name] === end;
  /**
   * Whether the first proof of the eviction order may be evicted, or leaves anyway. Most newcomers
   * to a full part fail this check, so it is made before the heap is changed.
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
