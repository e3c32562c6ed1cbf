import {
  amount,
  boolean,
  difficulty,
  digest,
  type Infer,
  natural,
  resource,
  sequence,
  struct,
} from "../codec/index.ts";
import { DURATION_MS_MAX } from "../limits.ts";
import { type Problem, problemText } from "../problem.ts";

/** Judge that every node of the chain must run. With another one, replicas could disagree. */
export const JudgeIdentity = struct("JudgeIdentity", {
  version: natural(4),
  /** SHA-256 of the Z3 WebAssembly file. */
  wasmHash: digest,
  /** Version of the kernel that checks certificates. Records of certified results name it. */
  kernelVersion: natural(4),
  /** Version of the prover. Another version may find other certificates, or none. */
  proverVersion: natural(4),
});
export type JudgeIdentity = Infer<typeof JudgeIdentity>;

/** Long span of header time, in milliseconds. */
const duration = natural(8);

/** Parameters of a chain, fixed at genesis. Times are milliseconds, amounts micro-tokens. */
export const ChainParameters = struct("ChainParameters", {
  /** Least time between the timestamps of a block and its parent, in milliseconds. */
  minBlockIntervalMs: natural(4),
  /**
   * Time in milliseconds after which a block is due even without proofs. 0: never. With 0, an idle
   * chain has no recent checkpoint. A node that returns to it can tell neither time nor progress.
   */
  heartbeatIntervalMs: natural(4),
  /**
   * Greatest time, in milliseconds, by which the timestamp of a new block may be ahead of a voter's
   * clock: the precision of clocks. At most half of `minBlockIntervalMs` is recommended, because a
   * leader can gain this much time.
   */
  clockPrecisionMs: natural(4),
  /**
   * Greatest time, in milliseconds, by which the timestamp of a new block may be behind a voter's
   * clock.
   */
  maxDriftMs: natural(4),
  /** Time-out of view 0, in milliseconds. It grows by half with each view. */
  viewTimeoutMs: natural(4),
  /**
   * Longest time-out of a view, in milliseconds. At least 2 x (`judgingBoundMs` +
   * `disseminationBoundMs` + 3 x `networkDelayMs`).
   */
  viewTimeoutMaxMs: natural(4),
  /** Longest time, in milliseconds, from a proposal until every replica has its own verdict. */
  judgingBoundMs: natural(4),
  /** Longest time, in milliseconds, for a block to reach every replica. */
  disseminationBoundMs: natural(4),
  /** Longest one-way network delay, in milliseconds, that the time-outs allow for. */
  networkDelayMs: natural(4),
  /** Number of sequences between snapshots of the state, from which new nodes join. */
  checkpointInterval: sequence,
  /**
   * Least header time, in milliseconds, between changes of the validator set. Counted from genesis,
   * an epoch boundary is the first block whose timestamp reaches another multiple of `epochMs`.
   */
  epochMs: natural(4),
  /** Greatest number of bytes of a block's proofs. */
  blockBytesMax: natural(4),
  /** Greatest number of solver units of a block's proofs. */
  blockResourceMax: resource,
  /**
   * Greatest number of execution units of a block: its certificate, evidence, signatures, bytes and
   * runs, without the Judge's work. See `UNITS`. 6,000,000 units take less than a second on one
   * core of a small server.
   */
  blockUnitsMax: resource,
  /** Greatest number of bytes that a block may add to the state in new keys. */
  stateGrowthMax: natural(4),
  /** Greatest number of solver units of one proof. */
  proofResourceMax: resource,
  /** Micro-tokens that are minted for each million of difficulty, before the caps. */
  baseReward: amount,
  /** Micro-tokens that may be minted for each second of header time, before the first halving. */
  emissionPerSecond: amount,
  /** Header time between halvings of the emission, in milliseconds. */
  halvingMs: duration,
  /** Greatest number of micro-tokens that are ever minted. */
  emissionTotal: amount,
  /**
   * Largest bonus of the proposer, in basis points of a reward. The proposer gets all of it if the
   * whole power has voted.
   */
  proposerBonusBasisPoints: natural(2, 10_000),
  /** Price of a million units of resource, in micro-tokens. */
  resourcePrice: amount,
  /**
   * Solver units that each proof judged by the solver pays in addition to the used ones, for
   * setting up a solver.
   */
  judgingUnits: resource,
  /** Price of a KiB of a proof, in micro-tokens. */
  bytePrice: amount,
  /** Least base fee of calls, in micro-tokens for each million units of weight. */
  invokeBaseFeeMin: amount,
  /**
   * Least base fee of proofs that go to the Judge, in micro-tokens for each million units of
   * weight.
   */
  judgedBaseFeeMin: amount,
  /**
   * Micro-tokens that are burned for each account, holding, staker or key that a transaction
   * creates.
   */
  creationFee: amount,
  /** Micro-tokens that are burned for each KiB that a publication leaves in the state. */
  statePrice: amount,
  /**
   * Micro-tokens that are locked for each byte of a contract's cell (key and value) that a
   * transaction creates. Paid out to the author of the transaction that removes the cell.
   */
  depositPrice: amount,
  /** Part of each fee that is burned, in basis points. */
  burnBasisPoints: natural(2, 10_000),
  slashDoubleSignBasisPoints: natural(2, 10_000),
  slashVerificationBasisPoints: natural(2, 10_000),
  minimumStake: amount,
  /** Header time for which unbonding stake can still be slashed, in milliseconds. */
  unbondingMs: duration,
  /** Length of absence at which a validator is jailed, in milliseconds of header time. */
  absenceMs: duration,
  /** Difficulty of a million units of an invoke's execution. */
  invokeDifficulty: difficulty,
  /**
   * Whether a theorem with trust `solver` (proved by the solver without a certificate) mints a
   * reward, with the burning of its fee that this requires. If not, the theorem is recorded and
   * pays only for its work.
   */
  solverTheoremsMint: boolean,
  judge: JudgeIdentity,
});
export type ChainParameters = Infer<typeof ChainParameters>;

/** Lists the problems of parameters, one sentence each; empty if they are sound. */
export function findParameterProblems(parameters: ChainParameters): readonly string[] {
  return parameterProblems(parameters).map(problemText);
}

/** Lists the problems of parameters. Their paths are names of parameters. */
export function parameterProblems(parameters: ChainParameters): readonly Problem[] {
  return [
    ...AT_LEAST_1.flatMap((name) => (parameters[name] < 1 ? [tooSmall(name)] : [])),
    ...timeoutProblems(parameters),
    ...clockProblems(parameters),
    ...sizeProblems(parameters),
    ...absenceProblems(parameters),
    ...durationProblems(parameters),
  ];
}

type ParameterName = keyof ChainParameters;

const AT_LEAST_1 = [
  "minBlockIntervalMs",
  "viewTimeoutMs",
  "checkpointInterval",
  "epochMs",
  "halvingMs",
  "unbondingMs",
  "proofResourceMax",
  "minimumStake",
] as const satisfies readonly ParameterName[];

const DURATIONS = [
  "halvingMs",
  "unbondingMs",
  "absenceMs",
] as const satisfies readonly ParameterName[];

/** Least `blockBytesMax`: any single proof fits. */
const BLOCK_BYTES_LEAST = 2_097_152;
/**
 * Least `blockUnitsMax`. Half of a block's units are always for its proofs. That is enough for the
 * largest publication, 1,985,708 units: a source of full length, a canonical text as long, and a
 * certificate of full length.
 */
const BLOCK_UNITS_LEAST = 4_000_000;
/**
 * Largest `blockUnitsMax`. Each changed key costs at least `UNITS.write`, so the proofs of a block
 * change at most 3/4 of `CHANGES_MAX` keys.
 */
const BLOCK_UNITS_MOST = 20_000_000;
/** Least `stateGrowthMax`: a certificate of full length with its texts fits. */
const STATE_GROWTH_LEAST = 2_097_152;
/** Largest `blockBytesMax`: what the limit of the wire format leaves for proofs. */
const BLOCK_BYTES_MOST = 8_000_000;

function tooSmall(path: ParameterName): Problem {
  return { path, what: "is 0", repair: "give at least 1", involves: [] };
}

function timeoutProblems(p: ChainParameters): Problem[] {
  const path = "viewTimeoutMaxMs";
  const what = `is ${p.viewTimeoutMaxMs}`;
  const problems: Problem[] = [];
  const least = 2 * (p.judgingBoundMs + p.disseminationBoundMs + 3 * p.networkDelayMs);
  if (p.viewTimeoutMaxMs < least) {
    const repair = `give at least ${least}, 2 x (judgingBoundMs + disseminationBoundMs + 3 x networkDelayMs)`;
    const involves = ["judgingBoundMs", "disseminationBoundMs", "networkDelayMs"];
    problems.push({ path, what, repair, involves });
  }
  if (p.viewTimeoutMaxMs < p.viewTimeoutMs) {
    const repair = `give at least viewTimeoutMs, ${p.viewTimeoutMs}`;
    problems.push({ path, what, repair, involves: ["viewTimeoutMs"] });
  }
  return problems;
}

/**
 * Checks that a block may not be dated further ahead than behind, because a date ahead gains time.
 */
function clockProblems({ clockPrecisionMs, maxDriftMs }: ChainParameters): Problem[] {
  if (clockPrecisionMs <= maxDriftMs) return [];
  const repair = `give at most maxDriftMs, ${maxDriftMs}`;
  const what = `is ${clockPrecisionMs}`;
  return [{ path: "clockPrecisionMs", what, repair, involves: ["maxDriftMs"] }];
}

function sizeProblems(p: ChainParameters): Problem[] {
  const problems: Problem[] = [];
  if (p.proofResourceMax > p.blockResourceMax) {
    problems.push({
      path: "proofResourceMax",
      what: `is ${p.proofResourceMax}`,
      repair: `give at most blockResourceMax, ${p.blockResourceMax}`,
      involves: ["blockResourceMax"],
    });
  }
  if (p.proofResourceMax + p.judgingUnits > Number.MAX_SAFE_INTEGER) {
    problems.push({
      path: "judgingUnits",
      what: `is ${p.judgingUnits}`,
      repair: `give at most ${Number.MAX_SAFE_INTEGER - p.proofResourceMax}, 2^53-1 less proofResourceMax`,
      involves: ["proofResourceMax"],
    });
  }
  if (p.blockUnitsMax < BLOCK_UNITS_LEAST) {
    const repair = `give at least ${BLOCK_UNITS_LEAST}, twice what the largest publication takes`;
    problems.push({ path: "blockUnitsMax", what: `is ${p.blockUnitsMax}`, repair, involves: [] });
  }
  if (p.blockUnitsMax > BLOCK_UNITS_MOST) {
    const repair = `give at most ${BLOCK_UNITS_MOST}, what a transition has changes for`;
    problems.push({ path: "blockUnitsMax", what: `is ${p.blockUnitsMax}`, repair, involves: [] });
  }
  if (p.stateGrowthMax < STATE_GROWTH_LEAST) {
    const repair = `give at least ${STATE_GROWTH_LEAST}, room for any one proof`;
    problems.push({ path: "stateGrowthMax", what: `is ${p.stateGrowthMax}`, repair, involves: [] });
  }
  const [path, what] = ["blockBytesMax", `is ${p.blockBytesMax}`];
  if (p.blockBytesMax < BLOCK_BYTES_LEAST) {
    const repair = `give at least ${BLOCK_BYTES_LEAST}, room for any one proof`;
    problems.push({ path, what, repair, involves: [] });
  }
  if (p.blockBytesMax > BLOCK_BYTES_MOST) {
    const repair = `give at most ${BLOCK_BYTES_MOST}, the wire's bound`;
    problems.push({ path, what, repair, involves: [] });
  }
  return problems;
}

/** Checks that durations are so short that every date is a safe integer. See `DURATION_MS_MAX`. */
function durationProblems(parameters: ChainParameters): Problem[] {
  return DURATIONS.filter((path) => parameters[path] > DURATION_MS_MAX).map((path) => ({
    path,
    what: `is ${parameters[path]}`,
    repair: `give at most ${DURATION_MS_MAX}, some 8,900 years`,
    involves: [],
  }));
}

/**
 * Checks that `absenceMs` is at least an epoch. Absence is counted in whole epochs, so a shorter
 * one would jail after a single missed epoch.
 */
function absenceProblems({ absenceMs, epochMs }: ChainParameters): Problem[] {
  if (absenceMs >= epochMs) return [];
  const repair = `give at least epochMs, ${epochMs}: absence is counted in whole epochs`;
  return [{ path: "absenceMs", what: `is ${absenceMs}`, repair, involves: ["epochMs"] }];
}
