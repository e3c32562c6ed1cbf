import type { FailedWorld } from "../threads/serve-tasks.ts";
import type { SweptWorld } from "./sweep-worlds.ts";

/**
 * Figures of the worlds of one point, a combination of the varied options. Worlds with a violation
 * count only in `worlds` and `violated`. A figure is undefined if no world has one.
 */
export interface PointFigures {
  /** Number of finished worlds, also those with a violation. */
  readonly worlds: number;
  /**
   * Median time to finality in a world, in virtual milliseconds: the median over the worlds.
   * Undefined if no world has measured one.
   */
  readonly finalityP50Ms: number | undefined;
  /**
   * 99th percentile of the time to finality in a world, in virtual milliseconds: the largest over
   * the worlds. Undefined if no world has measured one.
   */
  readonly finalityP99Ms: number | undefined;
  /**
   * View changes in a world, divided by the number of its honest nodes: the median over the worlds.
   * Undefined if every world has a violation.
   */
  readonly viewChanges: number | undefined;
  /**
   * Blocks of a world that are final at every honest node: the median over the worlds. Undefined if
   * every world has a violation.
   */
  readonly blocks: number | undefined;
  readonly proofs: number | undefined;
  /**
   * Messages sent in a world, divided by the number of its blocks: the median over the worlds.
   * Undefined if no world has a final block.
   */
  readonly messagesPerBlock: number | undefined;
  /**
   * Number of worlds with a violation, by checker. The sweep goes on after a violation only if a
   * third or more of the nodes is Byzantine.
   */
  readonly violated: Readonly<Record<string, number>>;
}

/** Computes the figures of the worlds of one point (a combination of the varied options). */
export function figuresOf(worlds: readonly SweptWorld[]): PointFigures {
  const held = worlds.flatMap((world) => (world.type === "held" ? [world] : []));
  const final = held.filter(({ report }) => report.finalityMs.samples > 0);
  const grown = held.filter(({ report }) => report.highestSequence > 0);
  const violated: Record<string, number> = {};
  for (const world of worlds) {
    if (world.type !== "violated") continue;
    const { checker } = world.fault;
    violated[checker] = (violated[checker] ?? 0) + 1;
  }
  return {
    worlds: worlds.length,
    finalityP50Ms: median(final.map(({ report }) => report.finalityMs.p50)),
    finalityP99Ms: largest(final.map(({ report }) => report.finalityMs.p99)),
    viewChanges: median(held.map(({ report, honest }) => report.viewChanges / Math.max(1, honest))),
    blocks: median(held.map(({ report }) => report.lowestSequence)),
    proofs: median(held.map(({ report }) => report.proofs)),
    messagesPerBlock: median(
      grown.map(({ report }) => report.messages.sent / report.highestSequence),
    ),
    violated,
  };
}

/**
 * Returns the failure that ends a sweep: an error, or a violation with less than a third of
 * Byzantine nodes. Undefined for other worlds.
 */
export function failureOf(world: SweptWorld): FailedWorld | undefined {
  if (world.type === "held") return undefined;
  return world.type === "violated" && !world.isPromised ? undefined : world;
}

function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((left, right) => left - right);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

function largest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}
