import { compareBytes } from "@aethel/models";
import { bitAt, type Path } from "../hashing/path.ts";

/** Range of paths, both ends included. */
export interface Span {
  readonly from: Path;
  readonly to: Path;
}

/**
 * The part of a request that concerns one node: the spans `low .. high-1` of a sorted, disjoint
 * list. Each of them overlaps the node's range of paths.
 */
export interface Asked {
  readonly spans: readonly Span[];
  readonly low: number;
  readonly high: number;
  /** Whether the first span begins at or before the node's first path. */
  readonly isOpenLeft: boolean;
  /** Whether the last span ends at or after the node's last path. */
  readonly isOpenRight: boolean;
}

/**
 * Returns the part of a request that concerns the root, which is the whole request. The spans must
 * be sorted and disjoint.
 */
export function askedAtRoot(spans: readonly Span[]): Asked {
  const [first, last] = [spans[0], spans.at(-1)];
  return {
    spans,
    low: 0,
    high: spans.length,
    isOpenLeft: first?.from.every((byte) => byte === 0) ?? false,
    isOpenRight: last?.to.every((byte) => byte === 0xff) ?? false,
  };
}

export function asksNothing({ low, high }: Asked): boolean {
  return low === high;
}

export function asksAll({ low, high, isOpenLeft, isOpenRight }: Asked): boolean {
  return high - low === 1 && isOpenLeft && isOpenRight;
}

/** Splits the request of a node at `depth` into the requests of its two children. */
export function splitAsked(asked: Asked, depth: number): readonly [left: Asked, right: Asked] {
  const { spans, low, high, isOpenLeft, isOpenRight } = asked;
  if (low === high) return [asked, asked];
  const beginsRight = (at: number): boolean =>
    !(at === low && isOpenLeft) && bitOf(spans[at]?.from, depth) === 1;
  const endsRight = (at: number): boolean =>
    (at === high - 1 && isOpenRight) || bitOf(spans[at]?.to, depth) === 1;
  const leftEnd = firstWhere(low, high, beginsRight);
  const rightBegin = firstWhere(low, high, endsRight);
  // The spans are disjoint, so at most one crosses the middle.
  const crosses = rightBegin < leftEnd;
  return [
    { spans, low, high: leftEnd, isOpenLeft, isOpenRight: crosses },
    { spans, low: rightBegin, high, isOpenLeft: crosses, isOpenRight },
  ];
}

/** Whether a path was requested. */
export function isAsked({ spans, low, high }: Asked, path: Path): boolean {
  const at = firstWhere(low, high, (index) => {
    const span = spans[index];
    return span !== undefined && compareBytes(span.to, path) >= 0;
  });
  const span = at < high ? spans[at] : undefined;
  return span !== undefined && compareBytes(span.from, path) <= 0;
}

function bitOf(path: Path | undefined, depth: number): 0 | 1 {
  return path === undefined ? 0 : bitAt(path, depth);
}

/** Binary search for the first index at which a monotone condition holds; `high` if none. */
function firstWhere(low: number, high: number, holds: (at: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
