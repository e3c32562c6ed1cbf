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

/** The Judge that every node of the chain must run: replicas with other parts may disagree. */
export const JudgeIdentity = struct("JudgeIdentity", {
  version: natural(4),
  /** SHA-256 of the Z3 WebAssembly file. */
  wasmHash: digest,
  /** Version of the kernel that checks certificates; records of what it certified name it. */
  kernelVersion: natural(4),
  /** Version of the search for certificates: another one finds other bytes, or none. */
  proverVersion: natural(4),
});
export type JudgeIdentity = Infer<typeof JudgeIdentity>;

/** Milliseconds of header time, for months or years. */
const duration = natural(8);

/** Fixed at genesis, the same on every node. Times are milliseconds, amounts micro-tokens. */
export const ChainParameters = struct("ChainParameters", {
  /** Least time between the timestamps of a block and its parent. */
  minBlockIntervalMs: natural(4),
  /**
   * Without any other reason, a block is due after this time. 0: never; then an idle chain has no
   * recent checkpoint, and who comes back to it can tell neither time nor progress.
   */
  heartbeatIntervalMs: natural(4),
  /**
   * Most that a fresh proposal's timestamp may be ahead of a voter's clock: how well clocks agree. At
   * most half of `minBlockIntervalMs` is best: a leader may take as much of its turn.
   */
  clockPrecisionMs: natural(4),
  /** Most that a fresh proposal's timestamp may be behind a voter's clock. */
  maxDriftMs: natural(4),
  /** First view's time-out; it grows by half with each view. */
  viewTimeoutMs: natural(4),
  /** Cap of the growth. At least 2 x (judging bound + dissemination bound + 3 delays). */
  viewTimeoutMaxMs: natural(4),
  /** Most time from a proposal to every replica's own verdict. */
  judgingBoundMs: natural(4),
  /** Most time for a block to reach every replica. */
  disseminationBoundMs: natural(4),
  /** Most one-way network delay the time-outs allow for. */
  networkDelayMs: natural(4),
  /** Every so many sequences there is a checkpoint. */
  checkpointInterval: sequence,
  /**
   * Least header time between changes of the validator set. A border is the first block whose
   * timestamp reaches the next multiple of it since genesis.
   */
  epochMs: natural(4),
  /** Bytes of a block's proofs. */
  blockBytesMax: natural(4),
  /** Solver units of a block. */
  blockResourceMax: resource,
  /**
   * Execution units of a block: its certificate, evidence, signatures, bytes and runs, judging apart.
   * See `UNITS`; 6,000,000 are within a second of one core of a small server.
   */
  blockUnitsMax: resource,
  /** Bytes that a block may add to the state, in keys that are new. */
  stateGrowthMax: natural(4),
  /** Solver units of one proof. */
  proofResourceMax: resource,
  /** Micro-tokens for each million of difficulty. */
  baseReward: amount,
  /** Most minted for each second of header time before the first halving. */
  emissionPerSecond: amount,
  /** Header time after which the emission halves, again and again. */
  halvingMs: duration,
  /** Most ever minted. */
  emissionTotal: amount,
  /** Basis points of a block's reward that go to its proposer when all power has signed. */
  proposerBonusBasisPoints: natural(2, 10_000),
  /** Micro-tokens for each million units of resource. */
  resourcePrice: amount,
  /** Solver units that each judged proof pays beside those it used: to set up a solver is work too. */
  judgingUnits: resource,
  /** Micro-tokens for each KiB of a proof. */
  bytePrice: amount,
  /** Least base fee of calls: micro-tokens for each million units of weight. */
  invokeBaseFeeMin: amount,
  /** The same of what goes to the Judge. */
  judgedBaseFeeMin: amount,
  /** Micro-tokens burned for each account, holding, staker or key that a transaction makes. */
  creationFee: amount,
  /** Micro-tokens burned for each KiB that a publication leaves in the state. */
  statePrice: amount,
  /** Basis points of each fee that are burned. */
  burnBasisPoints: natural(2, 10_000),
  slashDoubleSignBasisPoints: natural(2, 10_000),
  slashVerificationBasisPoints: natural(2, 10_000),
  minimumStake: amount,
  /** Header time for which unbonding stake can still be slashed. */
  unbondingMs: duration,
  /** Header time in a row without a vote, in whole epochs, with which a validator is jailed. */
  absenceMs: duration,
  /** Difficulty of one million units of an invoke's execution. */
  invokeDifficulty: difficulty,
  /**
   * Whether a theorem of trust `solver` counts for its block, mints, and burns what that takes.
   * Without, it is recorded and pays for its work alone.
   */
  solverTheoremsMint: boolean,
  judge: JudgeIdentity,
});
export type ChainParameters = Infer<typeof ChainParameters>;

/** Everything that cannot work, in words; empty when the parameters are sound. */
export function findParameterProblems(parameters: ChainParameters): readonly string[] {
  return parameterProblems(parameters).map(problemText);
}

/** The same with the parts apart; paths are names of parameters. */
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

/** Room for any one proof. */
const BLOCK_BYTES_LEAST = 2_097_152;
/**
 * Half of it, which every block has for its proofs, holds a source of full length with a canonical text
 * as long and a certificate of full length: 1,985,708 units.
 */
const BLOCK_UNITS_LEAST = 4_000_000;
/** Each changed key takes `UNITS.write` at least; three quarters of `CHANGES_MAX` are for proofs. */
const BLOCK_UNITS_MOST = 20_000_000;
/** A certificate of full length beside the texts that it is about. */
const STATE_GROWTH_LEAST = 2_097_152;
/** What the wire's bound leaves for proofs. */
const BLOCK_BYTES_MOST = 8_000_000;

function tooSmall(path: ParameterName): Problem {
  return { path, what: "is 0", mend: "give at least 1", involves: [] };
}

function timeoutProblems(p: ChainParameters): Problem[] {
  const path = "viewTimeoutMaxMs";
  const what = `is ${p.viewTimeoutMaxMs}`;
  const problems: Problem[] = [];
  const least = 2 * (p.judgingBoundMs + p.disseminationBoundMs + 3 * p.networkDelayMs);
  if (p.viewTimeoutMaxMs < least) {
    const mend = `give at least ${least}, 2 x (judgingBoundMs + disseminationBoundMs + 3 x networkDelayMs)`;
    const involves = ["judgingBoundMs", "disseminationBoundMs", "networkDelayMs"];
    problems.push({ path, what, mend, involves });
  }
  if (p.viewTimeoutMaxMs < p.viewTimeoutMs) {
    const mend = `give at least viewTimeoutMs, ${p.viewTimeoutMs}`;
    problems.push({ path, what, mend, involves: ["viewTimeoutMs"] });
  }
  return problems;
}

/** A block may never be dated further ahead than behind: the first buys time, the second does not. */
function clockProblems({ clockPrecisionMs, maxDriftMs }: ChainParameters): Problem[] {
  if (clockPrecisionMs <= maxDriftMs) return [];
  const mend = `give at most maxDriftMs, ${maxDriftMs}`;
  const what = `is ${clockPrecisionMs}`;
  return [{ path: "clockPrecisionMs", what, mend, involves: ["maxDriftMs"] }];
}

function sizeProblems(p: ChainParameters): Problem[] {
  const problems: Problem[] = [];
  if (p.proofResourceMax > p.blockResourceMax) {
    problems.push({
      path: "proofResourceMax",
      what: `is ${p.proofResourceMax}`,
      mend: `give at most blockResourceMax, ${p.blockResourceMax}`,
      involves: ["blockResourceMax"],
    });
  }
  if (p.proofResourceMax + p.judgingUnits > Number.MAX_SAFE_INTEGER) {
    problems.push({
      path: "judgingUnits",
      what: `is ${p.judgingUnits}`,
      mend: `give at most ${Number.MAX_SAFE_INTEGER - p.proofResourceMax}, 2^53-1 less proofResourceMax`,
      involves: ["proofResourceMax"],
    });
  }
  if (p.blockUnitsMax < BLOCK_UNITS_LEAST) {
    const mend = `give at least ${BLOCK_UNITS_LEAST}, twice what the largest publication takes`;
    problems.push({ path: "blockUnitsMax", what: `is ${p.blockUnitsMax}`, mend, involves: [] });
  }
  if (p.blockUnitsMax > BLOCK_UNITS_MOST) {
    const mend = `give at most ${BLOCK_UNITS_MOST}, what a transition has changes for`;
    problems.push({ path: "blockUnitsMax", what: `is ${p.blockUnitsMax}`, mend, involves: [] });
  }
  if (p.stateGrowthMax < STATE_GROWTH_LEAST) {
    const mend = `give at least ${STATE_GROWTH_LEAST}, room for any one proof`;
    problems.push({ path: "stateGrowthMax", what: `is ${p.stateGrowthMax}`, mend, involves: [] });
  }
  const [path, what] = ["blockBytesMax", `is ${p.blockBytesMax}`];
  if (p.blockBytesMax < BLOCK_BYTES_LEAST) {
    const mend = `give at least ${BLOCK_BYTES_LEAST}, room for any one proof`;
    problems.push({ path, what, mend, involves: [] });
  }
  if (p.blockBytesMax > BLOCK_BYTES_MOST) {
    const mend = `give at most ${BLOCK_BYTES_MOST}, the wire's bound`;
    problems.push({ path, what, mend, involves: [] });
  }
  return problems;
}

/** A date must stay a safe integer: see `DURATION_MS_MAX`. */
function durationProblems(parameters: ChainParameters): Problem[] {
  return DURATIONS.filter((path) => parameters[path] > DURATION_MS_MAX).map((path) => ({
    path,
    what: `is ${parameters[path]}`,
    mend: `give at most ${DURATION_MS_MAX}, some 8,900 years`,
    involves: [],
  }));
}

/** Absence is counted in whole epochs: a shorter one would jail whoever misses a single epoch. */
function absenceProblems({ absenceMs, epochMs }: ChainParameters): Problem[] {
  if (absenceMs >= epochMs) return [];
  const mend = `give at least epochMs, ${epochMs}: absence is counted in whole epochs`;
  return [{ path: "absenceMs", what: `is ${absenceMs}`, mend, involves: ["epochMs"] }];
}
