import { SYNC_BLOCKS_MAX, type SyncResponse, toSequence } from "@aethel/models";
import type { PeerName, Transport } from "../ports.ts";
import { ANSWER_COST_FULL, partsCost } from "./answer-cost.ts";
import type { Outcome, Running } from "./errand.ts";
import type { Errands } from "./errands.ts";
import type { FetchResults } from "./fetch-results.ts";
import type { PeerBook } from "./peer-book.ts";

/**
 * Fetcher of the final blocks that follow the head, in ranges, from several peers at the same time.
 */
export interface RangeFetch {
  /** Requests the blocks that follow the head until this replica has them or no peer has more. */
  start(hint: PeerName | undefined): void;
  /**
   * Continues to fetch final blocks after the head has moved, or after a kept block turned out to
   * be wrong.
   */
  moved(): void;
}

/** Most ranges that are requested at the same time. */
const RANGES_MAX = 8;
/** Most blocks beyond the head that are requested. */
export const RANGE_WINDOW = RANGES_MAX * SYNC_BLOCKS_MAX;
/**
 * Most bytes of blocks that are kept or expected in answers. The range that is needed next is
 * requested even beyond it.
 */
const BYTES_MAX = 33_554_432;
/** Least bytes of blocks that are expected in an answer. */
const ANSWER_BYTES_LEAST = 1_048_576;
/**
 * Bytes, plus cost of parts, from which on an answer may have fewer blocks than were requested.
 * Honest peers fill an answer up to `ANSWER_COST_FULL`.
 */
const FULL_COST = ANSWER_COST_FULL / 2;

interface Range {
  readonly from: number;
  readonly count: number;
  running: Running | undefined;
  /** Whether any peer has answered a request for this range, even without blocks. */
  isAnswered: boolean;
}

/** Creates a fetcher of ranges. It asks for nothing until `start`. */
export function createRangeFetch(options: {
  readonly errands: Errands;
  readonly book: PeerBook;
  readonly transport: Pick<Transport, "peers">;
  readonly results: FetchResults;
}): RangeFetch {
  const { errands, book, transport, results } = options;
  const ranges = new Map<number, Range>();
  let isActive = false;
  let hinted: PeerName | undefined;
  let answerBytes = ANSWER_BYTES_LEAST;
  /**
   * Most blocks in one range. It is lowered if so many blocks do not arrive in time in any attempt.
   */
  let span = SYNC_BLOCKS_MAX;
  /**
   * Sequence up to which blocks are requested whatever peers claim, since there may be more after a
   * whole answer.
   */
  let likely = 0;
  /**
   * Sequence from which on no peer gave the blocks that some claim to have. It is requested again
   * when it is needed next.
   */
  let barren = Number.POSITIVE_INFINITY;
  let isConsidering = false;

  const drop = (range: Range): void => {
    ranges.delete(range.from);
    range.running?.cancel();
  };

  /**
   * Returns the highest sequence that any peer claims to have. A false claim only causes requests
   * to the peer that made it.
   */
  const target = (): number =>
    Math.max(0, ...transport.peers().map((peer) => book.height(peer) ?? 0));

  const isNext = ({ from, count }: Range): boolean => {
    const next = results.next() ?? 0;
    return from <= next && next < from + count && !results.holds(next);
  };

  /**
   * Returns the first run of blocks, from `next` on, that are neither kept nor requested. Undefined
   * if there is none.
   */
  const uncovered = (next: number, end: number): Pick<Range, "from" | "count"> | undefined => {
    const covered = (at: number): boolean =>
      results.holds(at) ||
      [...ranges.values()].some(({ from, count }) => from <= at && at < from + count);
    let from = next;
    while (from < end && covered(from)) from += 1;
    let count = 0;
    while (count < span && from + count < end && !covered(from + count)) count += 1;
    return count === 0 ? undefined : { from, count };
  };

  const take = (range: Range, response: SyncResponse, peer: PeerName): Outcome => {
    const { from, count } = range;
    if (response.type === "absent") {
      book.height(peer, response.head);
      if (response.head < from) return "useless";
      results.pruned(peer, response.head);
      return "withheld";
    }
    if (response.type !== "blocks" || response.blocks.length === 0) return "wrong";
    const bytes = results.blocks(toSequence(from), response.blocks, peer);
    if (bytes === undefined) return "wrong";
    ranges.delete(from);
    const got = response.blocks.length;
    const most = (book.height(peer) ?? 0) - from + 1;
    book.height(peer, toSequence(from + got - 1));
    if (got === SYNC_BLOCKS_MAX) likely = Math.max(likely, from + got);
    answerBytes = Math.max(ANSWER_BYTES_LEAST, bytes);
    if (got >= span) span = Math.min(SYNC_BLOCKS_MAX, 2 * span);
    const cost = response.blocks.reduce((sum, { block }) => sum + partsCost(block), bytes);
    return got < Math.min(count, most) && cost < FULL_COST ? "short" : "done";
  };

  const fetchRange = ({ from, count }: Pick<Range, "from" | "count">): void => {
    const range: Range = { from, count, running: undefined, isAnswered: false };
    ranges.set(from, range);
    const isFirst = from === results.next();
    let wasLate = false;
    range.running = errands.run({
      request: { type: "blocks", from: toSequence(from), count },
      kind: "large",
      hint: isFirst ? hinted : undefined,
      isUrgent: () => isNext(range),
      // Of the next block everybody may have news; further ones are asked of who claims them.
      mayAsk: (peer) =>
        !book.isDistrusted(peer) && (isNext(range) || (book.height(peer) ?? 0) >= from),
      take(response, peer) {
        range.isAnswered = true;
        return take(range, response, peer);
      },
      exhausted(openCount) {
        if (openCount > 0 && ranges.get(from) === range) {
          wasLate = true;
          return false;
        }
        if (ranges.get(from) !== range) return true;
        if (isNext(range)) {
          isActive = false;
          // A slow line, or large blocks (monero 1947): the same request would fail for ever.
          if (wasLate && !range.isAnswered) span = Math.max(1, Math.floor(span / 4));
        } else {
          barren = Math.min(barren, from);
        }
        ranges.delete(from);
        return true;
      },
      ended: consider,
    });
  };

  const consider = (): void => {
    const next = results.next();
    if (!isActive || next === undefined || isConsidering) return;
    isConsidering = true;
    const last = Math.max(next, likely, target());
    const end = Math.min(last, next + RANGE_WINDOW - 1) + 1;
    if (next >= barren) barren = Number.POSITIVE_INFINITY;
    for (const range of ranges.values()) {
      if (range.from + range.count <= next) drop(range);
    }
    while (isActive && ranges.size < RANGES_MAX) {
      const gap = uncovered(next, end);
      if (gap === undefined) break;
      const bytes = results.bytes() + ranges.size * answerBytes;
      // The window moves with each block: ranges that it cuts short would be many and small.
      const isCut = gap.count < span && gap.from + gap.count > Math.min(last, end - 1);
      const waits = bytes > BYTES_MAX || gap.from >= barren || (isCut && end <= last);
      if (gap.from > next && waits) break;
      // Beyond what others claim, nothing is known of the length.
      fetchRange(gap.from === next ? { from: next, count: lengthFrom(next) } : gap);
      if (ranges.get(gap.from) === undefined) break;
    }
    isConsidering = false;
    for (const range of ranges.values()) range.running?.poke();
    if (next > Math.max(likely, target()) && ranges.size === 0) isActive = false;
  };

  /**
   * Returns how many blocks to request from `next` on: as many as one answer may have, up to the
   * first one that is already requested or kept.
   */
  const lengthFrom = (next: number): number => {
    let count = 1;
    const isFree = (at: number): boolean => !ranges.has(at) && !results.holds(at);
    while (count < span && isFree(next + count)) count += 1;
    return count;
  };

  return {
    start(hint) {
      isActive = true;
      hinted = hint;
      barren = Number.POSITIVE_INFINITY;
      // Who had nothing yet may have it now, whoever else still hangs.
      for (const range of ranges.values()) {
        if (range.isAnswered && isNext(range)) range.running?.retry();
      }
      consider();
    },
    moved: consider,
  };
}
