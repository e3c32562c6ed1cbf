/** Work that honest nodes finalized in a span of virtual time. */
export interface Throughput {
  readonly virtualMs: number;
  /** Number of blocks that the slowest honest node finalized. */
  readonly blocks: number;
  /** Number of proofs in the blocks that the slowest honest node finalized. */
  readonly proofs: number;
  /**
   * Number of proofs in all blocks since the start of the world. Unlike `proofs`, this number gains
   * nothing from proofs that were already waiting when the measurement began.
   */
  readonly proofsInAll: number;
  /** Number of blocks that were finalized in a later view than 0. */
  readonly lostViews: number;
  /** Number of blocks that Byzantine nodes proposed in view 0. */
  readonly byzantineBlocks: number;
  /**
   * Number of pieces of evidence in blocks since the start of the world. Each costs the accused
   * validator stake.
   */
  readonly punished: number;
  /** Milliseconds between each block and its parent, at the first honest node that applied it. */
  readonly gapsMs: readonly number[];
  /**
   * Mean gap, in milliseconds, before blocks that were finalized in view 0; zero if there are none.
   */
  readonly usualGapMs: number;
  /**
   * Gaps, in milliseconds, before blocks that were finalized in a later view than 0, from the
   * second block of the world on.
   */
  readonly lostGapsMs: readonly number[];
}

/** Least ratio of the throughput with a Byzantine minority to that with the same nodes crashed. */
export const THROUGHPUT_FLOOR = 0.8;
/**
 * Limit where delays exceed a sixth of the block interval: a turn of a Byzantine leader may cost at
 * most as much as this many turns of a crashed leader.
 */
const TURN_SLACK = 1.25;
/**
 * Number of leaders' turns that a measurement contains only in part: one at its begin and one at
 * its end.
 */
const EDGE_TURNS = 2;

/** A run with a Byzantine minority, and a run of the same world with these nodes crashed. */
export interface ThroughputPair {
  readonly attacked: Throughput;
  readonly crashed: Throughput;
}

/**
 * Returns the ratio of the throughput under attack to that with crashes: in blocks or in proofs,
 * whichever ratio is smaller.
 */
export function throughputRatio({ attacked, crashed }: ThroughputPair): number {
  const part = (work: "blocks" | "proofsInAll"): number =>
    crashed[work] === 0 ? 1 : attacked[work] / crashed[work];
  return Math.min(part("blocks"), part("proofsInAll"));
}

/**
 * Returns the cost of each faulty turn (a turn of a Byzantine leader) of an attack, in turns of a
 * crashed leader.
 *
 * The attack's cost is the time that is left after its blocks, each counted with the usual gap of
 * the crashed world. A turn of a crashed leader costs the longest gap before a block that was
 * finalized in a later view, less a usual gap. So the crash must come after some blocks: otherwise
 * there may be no such gap.
 */
export function turnsLostPerFaultyTurn({ attacked, crashed }: ThroughputPair): number {
  const usualMs = crashed.usualGapMs;
  const lostMs = attacked.virtualMs - attacked.blocks * usualMs;
  const turnMs = Math.max(usualMs, Math.max(0, ...crashed.lostGapsMs) - usualMs);
  const turns = attacked.lostViews + attacked.byzantineBlocks + EDGE_TURNS;
  return lostMs / turnMs / turns;
}

/**
 * Returns why a Byzantine minority cost more throughput than a crash of the same nodes, by the
 * median of some seeds. Undefined if it did not. For worlds where delays are at most a sixth of the
 * block interval.
 */
export function findThroughputDefect(pairs: readonly ThroughputPair[]): string | undefined {
  const ratio = median(pairs.map(throughputRatio));
  if (ratio >= THROUGHPUT_FLOOR) return undefined;
  const counts = pairs.map(({ attacked, crashed }) => `${attacked.blocks}/${crashed.blocks}`);
  return `a Byzantine minority leaves ${percent(ratio)} of what as many crashed validators leave, in blocks ${counts.join(", ")}`;
}

/**
 * Returns why a faulty turn (a turn of a Byzantine leader) cost more than a turn of a crashed
 * leader, with some slack, by the median of some seeds. Undefined if it did not. For worlds with
 * longer delays: there crashed validators cost next to nothing once they are passed over, but a
 * leader within the rules may cost its deadline in each turn.
 */
export function findTurnDefect(pairs: readonly ThroughputPair[]): string | undefined {
  const turns = median(pairs.map(turnsLostPerFaultyTurn));
  if (turns <= TURN_SLACK) return undefined;
  return `a faulty turn costs ${turns.toFixed(2)} turns of a crashed leader`;
}

/**
 * Returns the middle value. Of an even number of values it is the lower of the two in the middle.
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
