import { compareBytes } from "@aethel/models";
import type { Path } from "../hashing/path.ts";
import { DIGEST_LENGTH } from "../limits.ts";
import type { Span } from "../outlines/span.ts";
import { placeAfter } from "../snapshots/snapshot-chunk.ts";

/**
 * Number of lanes: equal parts of the paths, by their first 4 bits. An import progresses in each
 * lane from the front to the back, so its record has the same size whatever chunks come.
 */
export const LANES = 16;

/** Progress of an import: for each lane the first missing path, or undefined if none is missing. */
export type Lanes = readonly (Path | undefined)[];

/** Returns the lanes of an import that has no chunk yet. */
export function freshLanes(): Lanes {
  return Array.from({ length: LANES }, (_, lane) => {
    const first = new Uint8Array(DIGEST_LENGTH);
    first[0] = lane << 4;
    return first;
  });
}

/** Returns the last path of a lane. */
export function lastPathOf(lane: number): Path {
  const last = new Uint8Array(DIGEST_LENGTH).fill(0xff);
  last[0] = (lane << 4) | 0x0f;
  return last;
}

/** Lists the missing ranges, ascending: at most one for each lane. */
export function missingIn(lanes: Lanes): readonly Span[] {
  return lanes.flatMap((from, lane) =>
    from === undefined ? [] : [{ from, to: lastPathOf(lane) }],
  );
}

/**
 * Returns the lanes after a chunk that covers a span. A chunk may run over several lanes and over
 * parts that are there already. Returns `repeated` if it brings nothing new, and `missing` if it
 * begins after the first missing path of its lane and advances no other lane.
 */
export function coverLanes(lanes: Lanes, { from, to }: Span): Lanes | "repeated" | "missing" {
  const after = placeAfter(to);
  const covered = lanes.map((next, lane) => {
    if (next === undefined || compareBytes(next, from) < 0 || compareBytes(next, to) > 0) {
      return next;
    }
    return compareBytes(to, lastPathOf(lane)) >= 0 ? undefined : after;
  });
  if (covered.some((next, lane) => next !== lanes[lane])) return covered;
  const next = lanes[(from[0] ?? 0) >>> 4];
  return next === undefined || compareBytes(from, next) <= 0 ? "repeated" : "missing";
}
