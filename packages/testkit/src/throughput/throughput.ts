/** Work that honest nodes finalized in a span of virtual time. */
export interface Throughput {
  readonly virtualMs: number;
  /** Blocks of the slowest honest node. */
  readonly blocks: number;
  /** Proofs in these blocks. */
  readonly proofs: number;
  /**
   * Proofs in all blocks since the start of the world: a part of it would also count proofs that
   * had waited.
   */
  readonly proofsInAll: number;
  /** Blocks whose first view was lost. */
  readonly lostViews: number;
  /** Blocks that Byzantine nodes proposed in view 0. */
  readonly byzantineBlocks: number;
  /** Pieces of evidence in blocks since the start of the world; each costs its subject stake. */
  readonly punished: number;
  /** Time between a block and the one before it, at the first honest node that had it. */
  readonly gapsMs: readonly number[];
  /** Mean of the gaps before blocks that were final in their first view; zero if there are none. */
  readonly usualGapMs: number;
  /** Gaps before blocks whose first view was lost, since the second block of the world. */
  readonly lostGapsMs: readonly number[];
}

/**
 * Least part of the throughput with as many crashed validators that a Byzantine minority must
 * leave.
 */
export const THROUGHPUT_FLOOR = 0.8;
/**
 * Most turns of a crashed leader that a faulty turn may cost where delays exceed a sixth of the
 * interval.
 */
const TURN_SLACK = 1.25;
/** Turns that are under way when a measurement begins or ends. */
const EDGE_TURNS = 2;

/** A run with a Byzantine minority, and the same one with them crashed. */
export interface ThroughputPair {
  readonly attacked: Throughput;
  readonly crashed: Throughput;
}

/**
 * Returns the part of blocks or proofs, the smaller one, that an attack leaves of what crashes
 * leave.
 */
export function throughputRatio({ attacked, crashed }: ThroughputPair): number {
  const part = (work: "blocks" | "proofsInAll"): number =>
    crashed[work] === 0 ? 1 : attacked[work] / crashed[work];
  return Math.min(part("blocks"), part("proofsInAll"));
}

/**
 * Returns the turns of a crashed leader that an attack costs for each faulty turn.
 *
 * The cost is the time in which the crashed world would have made more blocks, all in their first
 * view. A turn of a crashed leader costs the longest gap before a block whose first view was lost,
 * less a usual one: the crash must come after some blocks, or there may be no such gap.
 */
export function turnsLostPerFaultyTurn({ attacked, crashed }: ThroughputPair): number {
  const usualMs = crashed.usualGapMs;
  const lostMs = attacked.virtualMs - attacked.blocks * usualMs;
  const turnMs = Math.max(usualMs, Math.max(0, ...crashed.lostGapsMs) - usualMs);
  const turns = attacked.lostViews + attacked.byzantineBlocks + EDGE_TURNS;
  return lostMs / turnMs / turns;
}

/**
 * Returns why a Byzantine minority cost more than as many crashed validators, by the median of some
 * seeds; undefined when it did not. For worlds where delays are at most a sixth of the block
 * interval.
 */
export function findThroughputDefect(pairs: readonly ThroughputPair[]): string | undefined {
  const ratio = median(pairs.map(throughputRatio));
  if (ratio >= THROUGHPUT_FLOOR) return undefined;
  const counts = pairs.map(({ attacked, crashed }) => `${attacked.blocks}/${crashed.blocks}`);
  return `a Byzantine minority leaves ${percent(ratio)} of what as many crashed validators leave, in blocks ${counts.join(", ")}`;
}

/**
 * Returns why a faulty turn cost more than one proposal deadline, by the median of some seeds;
 * undefined when it did not.
 *
 * Where delays are longer, crashed validators cost next to nothing once they are passed over, while
 * a leader within the rules may cost its deadline each time.
 */
export function findTurnDefect(pairs: readonly ThroughputPair[]): string | undefined {
  const turns = median(pairs.map(turnsLostPerFaultyTurn));
  if (turns <= TURN_SLACK) return undefined;
  return `a faulty turn costs ${turns.toFixed(2)} turns of a crashed leader`;
}

/** Returns the middle value; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
