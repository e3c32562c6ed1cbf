import type { Running } from "./errand.ts";
import type { FetchResults } from "./fetch-results.ts";

/** Range of final blocks that was requested and has not come yet. */
export interface Range {
  readonly from: number;
  readonly count: number;
  running: Running | undefined;
  /** Whether any peer has answered a request for this range, even without blocks. */
  isAnswered: boolean;
}

/** First block and number of blocks of a range. */
export type RangeBounds = Pick<Range, "from" | "count">;

/** Ranges that are requested now, by their first block. */
export interface RequestedRanges {
  size(): number;
  all(): readonly Range[];
  /** Whether exactly this range, not a later one from the same block, is requested. */
  has(range: Range): boolean;
  add(range: Range): void;
  remove(range: Range): void;
  /** Cancels the ranges that end before a block. */
  dropBefore(next: number): void;
  /** Whether a range has the block that is needed next, and that is not kept. */
  isNext(range: RangeBounds): boolean;
  /**
   * Returns the first run of at most `span` blocks, from `next` to before `end`, that are neither
   * kept nor requested. Undefined if there is none.
   */
  uncovered(bounds: {
    readonly next: number;
    readonly end: number;
    readonly span: number;
  }): RangeBounds | undefined;
  /**
   * Returns how many blocks to request from `next` on: at most `span`, up to the first one that is
   * already requested or kept.
   */
  lengthFrom(next: number, span: number): number;
}

/** Creates an empty set of ranges. `results` says which blocks are kept. */
export function createRequestedRanges(
  results: Pick<FetchResults, "next" | "holds">,
): RequestedRanges {
  const ranges = new Map<number, Range>();
  const isCovered = (at: number): boolean =>
    results.holds(at) ||
    [...ranges.values()].some(({ from, count }) => from <= at && at < from + count);
  return {
    size: () => ranges.size,
    all: () => [...ranges.values()],
    has: (range) => ranges.get(range.from) === range,
    add: (range) => void ranges.set(range.from, range),
    remove: (range) => void ranges.delete(range.from),
    dropBefore(next) {
      for (const range of ranges.values()) {
        if (range.from + range.count > next) continue;
        ranges.delete(range.from);
        range.running?.cancel();
      }
    },
    isNext({ from, count }) {
      const next = results.next() ?? 0;
      return from <= next && next < from + count && !results.holds(next);
    },
    uncovered({ next, end, span }) {
      let from = next;
      while (from < end && isCovered(from)) from += 1;
      let count = 0;
      while (count < span && from + count < end && !isCovered(from + count)) count += 1;
      return count === 0 ? undefined : { from, count };
    },
    lengthFrom(next, span) {
      let count = 1;
      const isFree = (at: number): boolean => !ranges.has(at) && !results.holds(at);
      while (count < span && isFree(next + count)) count += 1;
      return count;
    },
  };
}
