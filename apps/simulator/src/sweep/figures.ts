import type { FailedWorld } from "../threads/serve-tasks.ts";
import type { SweptWorld } from "./sweep-worlds.ts";

/** What the worlds of one point of a sweep came to. */
export interface PointFigures {
  /** Worlds that ended; figures are of those that held. */
  readonly worlds: number;
  /** Median over the worlds; undefined where no block was final. */
  readonly finalityP50Ms: number | undefined;
  /** The largest of all worlds. */
  readonly finalityP99Ms: number | undefined;
  /** At each honest node, median. */
  readonly viewChanges: number | undefined;
  /** Final at every honest node, median. */
  readonly blocks: number | undefined;
  readonly proofs: number | undefined;
  /** All messages for each block, median; undefined where there was none. */
  readonly messagesPerBlock: number | undefined;
  /** How many worlds broke a property, by checker. Only with a third or more of Byzantine nodes. */
  readonly violated: Readonly<Record<string, number>>;
}

/** What a point came to so far. */
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

/** The first world that ends a sweep: below a third of Byzantine nodes everything is promised. */
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
