import { SYNC_BLOCKS_MAX, type SyncResponse, toSequence } from "@aethel/models";
import type { PeerName, Transport } from "../ports.ts";
import { ANSWER_COST_FULL, partsCost } from "./answer-cost.ts";
import type { Outcome } from "./errand.ts";
import type { Errands } from "./errands.ts";
import type { FetchResults } from "./fetch-results.ts";
import type { PeerBook } from "./peer-book.ts";
import {
  createRequestedRanges,
  type Range,
  type RangeBounds,
  type RequestedRanges,
} from "./requested-ranges.ts";

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

/** Parts of the fetcher of ranges. */
interface RangeFetchOptions {
  readonly errands: Errands;
  readonly book: PeerBook;
  readonly transport: Pick<Transport, "peers">;
  readonly results: FetchResults;
}

/** State of the fetcher of ranges. */
interface Fetching extends RangeFetchOptions {
  readonly ranges: RequestedRanges;
  isActive: boolean;
  isConsidering: boolean;
  hinted: PeerName | undefined;
  /** Bytes of blocks that are expected in an answer. */
  answerBytes: number;
  /**
   * Most blocks in one range. It is lowered if so many blocks do not arrive in time in any attempt.
   */
  span: number;
  /**
   * Sequence up to which blocks are requested whatever peers claim, since there may be more after a
   * whole answer.
   */
  likely: number;
  /**
   * Sequence from which on no peer gave the blocks that some claim to have. It is requested again
   * when it is needed next.
   */
  barren: number;
}

/** Creates a fetcher of ranges. It asks for nothing until `start`. */
export function createRangeFetch(options: RangeFetchOptions): RangeFetch {
  const fetching: Fetching = {
    ...options,
    ranges: createRequestedRanges(options.results),
    isActive: false,
    isConsidering: false,
    hinted: undefined,
    answerBytes: ANSWER_BYTES_LEAST,
    span: SYNC_BLOCKS_MAX,
    likely: 0,
    barren: Number.POSITIVE_INFINITY,
  };
  const { ranges } = fetching;
  return {
    start(hint) {
      fetching.isActive = true;
      fetching.hinted = hint;
      fetching.barren = Number.POSITIVE_INFINITY;
      // A peer that answered without blocks may have them now. The others need not be awaited.
      for (const range of ranges.all()) {
        if (range.isAnswered && ranges.isNext(range)) range.running?.retry();
      }
      consider(fetching);
    },
    moved: () => consider(fetching),
  };
}

/**
 * Returns the highest sequence that any peer claims to have. A false claim only causes requests to
 * the peer that made it.
 */
function target({ transport, book }: Fetching): number {
  return Math.max(0, ...transport.peers().map((peer) => book.height(peer) ?? 0));
}

/** Requests as many ranges as there is room for, and stops when no peer has more. */
function consider(fetching: Fetching): void {
  const { ranges, results, likely } = fetching;
  const next = results.next();
  if (!fetching.isActive || next === undefined || fetching.isConsidering) return;
  fetching.isConsidering = true;
  const last = Math.max(next, likely, target(fetching));
  if (next >= fetching.barren) fetching.barren = Number.POSITIVE_INFINITY;
  ranges.dropBefore(next);
  while (fetching.isActive && ranges.size() < RANGES_MAX) {
    const bounds = nextBounds(fetching, { next, last });
    if (bounds === undefined || !fetchRange(fetching, bounds)) break;
  }
  fetching.isConsidering = false;
  for (const range of ranges.all()) range.running?.poke();
  const end = Math.max(fetching.likely, target(fetching));
  if (next > end && ranges.size() === 0) fetching.isActive = false;
}

/**
 * Returns the range to request now, given the block that is needed next and the last one that any
 * peer may have. Undefined if there is none, or if it has to wait.
 */
function nextBounds(
  { ranges, results, span, answerBytes, barren }: Fetching,
  { next, last }: { readonly next: number; readonly last: number },
): RangeBounds | undefined {
  const end = Math.min(last, next + RANGE_WINDOW - 1) + 1;
  const gap = ranges.uncovered({ next, end, span });
  if (gap === undefined) return undefined;
  // The next block is requested whatever peers claim, so the range may reach beyond their claims.
  if (gap.from === next) return { from: next, count: ranges.lengthFrom(next, span) };
  const bytes = results.bytes() + ranges.size() * answerBytes;
  // Waits for a whole range: the window moves by one block, which would give many short ranges.
  const isCut = gap.count < span && gap.from + gap.count > Math.min(last, end - 1);
  const waits = bytes > BYTES_MAX || gap.from >= barren || (isCut && end <= last);
  return waits ? undefined : gap;
}

/** Requests a range. Returns whether it is still requested then, and has not failed at once. */
function fetchRange(fetching: Fetching, { from, count }: RangeBounds): boolean {
  const { errands, book, ranges, results } = fetching;
  const range: Range = { from, count, running: undefined, isAnswered: false };
  ranges.add(range);
  const isFirst = from === results.next();
  let wasLate = false;
  range.running = errands.run({
    request: { type: "blocks", from: toSequence(from), count },
    kind: "large",
    hint: isFirst ? fetching.hinted : undefined,
    isUrgent: () => ranges.isNext(range),
    // Any peer that has not deleted it is asked for the next block, later ones only those that
    // claim to have them.
    mayAsk: (peer) =>
      !book.isDistrusted(peer) &&
      (book.oldest(peer) ?? 0) <= from &&
      (ranges.isNext(range) || (book.height(peer) ?? 0) >= from),
    take(response, peer) {
      range.isAnswered = true;
      return take(fetching, range, { response, peer });
    },
    exhausted(openCount) {
      if (openCount > 0 && ranges.has(range)) {
        wasLate = true;
        return false;
      }
      giveUp(fetching, range, wasLate);
      return true;
    },
    ended: () => consider(fetching),
  });
  return ranges.has(range);
}

/** Stops requesting a range that no peer gave. `wasLate`: some did not answer in time. */
function giveUp(fetching: Fetching, range: Range, wasLate: boolean): void {
  const { ranges } = fetching;
  if (!ranges.has(range)) return;
  if (ranges.isNext(range)) {
    fetching.isActive = false;
    reportPruned(fetching, range);
    // On a slow line, or with large blocks, the same request would fail again. So it is smaller.
    if (wasLate && !range.isAnswered) fetching.span = Math.max(1, Math.floor(fetching.span / 4));
  } else {
    fetching.barren = Math.min(fetching.barren, range.from);
  }
  ranges.remove(range);
}

/**
 * Reports that no peer gave the next block, if some have deleted it: this replica is farther behind
 * than its peers keep blocks.
 */
function reportPruned({ transport, book, results }: Fetching, { from }: Range): void {
  const without = transport.peers().filter((peer) => (book.oldest(peer) ?? 0) > from);
  const heads = without.flatMap((peer) => book.height(peer) ?? []);
  if (heads.length > 0) results.pruned(toSequence(Math.max(...heads)), heads.length);
}

/** Takes the answer of a peer to a request for a range. */
function take(
  fetching: Fetching,
  range: Range,
  { response, peer }: { readonly response: SyncResponse; readonly peer: PeerName },
): Outcome {
  const { book, results, ranges } = fetching;
  const { from, count } = range;
  if (response.type === "pruned") {
    book.height(peer, response.head);
    book.oldest(peer, response.oldest);
    return "useless";
  }
  if (response.type === "absent") {
    book.height(peer, response.head);
    return response.head < from ? "useless" : "withheld";
  }
  if (response.type !== "blocks" || response.blocks.length === 0) return "wrong";
  const bytes = results.blocks(toSequence(from), response.blocks, peer);
  if (bytes === undefined) return "wrong";
  ranges.remove(range);
  const got = response.blocks.length;
  const most = (book.height(peer) ?? 0) - from + 1;
  book.height(peer, toSequence(from + got - 1));
  if (got === SYNC_BLOCKS_MAX) fetching.likely = Math.max(fetching.likely, from + got);
  fetching.answerBytes = Math.max(ANSWER_BYTES_LEAST, bytes);
  if (got >= fetching.span) fetching.span = Math.min(SYNC_BLOCKS_MAX, 2 * fetching.span);
  const cost = response.blocks.reduce((sum, { block }) => sum + partsCost(block), bytes);
  return got < Math.min(count, most) && cost < FULL_COST ? "short" : "done";
}
