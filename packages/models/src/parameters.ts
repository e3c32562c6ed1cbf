import {
  amount,
  difficulty,
  digest,
  type Infer,
  natural,
  resource,
  sequence,
  struct,
} from "./codec/index.ts";

/** The Judge that every node of the chain must run. */
export const JudgeIdentity = struct("JudgeIdentity", {
  version: natural(4),
  /** SHA-256 of the Z3 WebAssembly file. */
  wasmHash: digest,
});
export type JudgeIdentity = Infer<typeof JudgeIdentity>;

/** Fixed at genesis, the same on every node. Times are milliseconds, amounts micro-tokens. */
export const ChainParameters = struct("ChainParameters", {
  /** Least time between the timestamps of a block and its parent. */
  minBlockIntervalMs: natural(4),
  /** Without any other reason, a block is due after this time. 0: never. */
  heartbeatIntervalMs: natural(4),
  /** Most that a fresh proposal's timestamp may differ from a voter's clock. */
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
  /** Sequences between changes of the validator set. */
  epochLength: sequence,
  /** Bytes of a block's proofs. */
  blockBytesMax: natural(4),
  /** Solver units of a block. */
  blockResourceMax: resource,
  /** Solver units of one proof. */
  proofResourceMax: resource,
  /** Micro-tokens for each million of difficulty. */
  baseReward: amount,
  /** Most minted for one block before the first halving. */
  emissionPerBlock: amount,
  halvingInterval: sequence,
  /** Most ever minted. */
  emissionTotal: amount,
  /** Basis points of a block's reward that go to its proposer when all power has signed. */
  proposerBonusBasisPoints: natural(2, 10_000),
  /** Micro-tokens for each million units of resource. */
  resourcePrice: amount,
  /** Micro-tokens for each KiB of a proof. */
  bytePrice: amount,
  /** Basis points of each fee that are burned. */
  burnBasisPoints: natural(2, 10_000),
  slashDoubleSignBasisPoints: natural(2, 10_000),
  slashVerificationBasisPoints: natural(2, 10_000),
  minimumStake: amount,
  /** Sequences that unbonding stake can still be slashed. */
  unbondingPeriod: sequence,
  /** Difficulty of one million units of an invoke's execution. */
  invokeDifficulty: difficulty,
  judge: JudgeIdentity,
});
export type ChainParameters = Infer<typeof ChainParameters>;

/** Everything that cannot work, in words; empty when the parameters are sound. */
export function findParameterProblems(parameters: ChainParameters): readonly string[] {
  const p = parameters;
  const timeoutFloor = 2 * (p.judgingBoundMs + p.disseminationBoundMs + 3 * p.networkDelayMs);
  const rules: readonly (readonly [boolean, string])[] = [
    [p.minBlockIntervalMs > 0, "minBlockIntervalMs must be at least 1"],
    [p.viewTimeoutMs > 0, "viewTimeoutMs must be at least 1"],
    [
      p.viewTimeoutMaxMs >= timeoutFloor,
      `viewTimeoutMaxMs must be at least ${timeoutFloor}: 2 x (judgingBoundMs + disseminationBoundMs + 3 x networkDelayMs)`,
    ],
    [p.viewTimeoutMaxMs >= p.viewTimeoutMs, "viewTimeoutMaxMs must be at least viewTimeoutMs"],
    [p.checkpointInterval > 0, "checkpointInterval must be at least 1"],
    [p.epochLength > 0, "epochLength must be at least 1"],
    [p.halvingInterval > 0, "halvingInterval must be at least 1"],
    [
      p.proofResourceMax <= p.blockResourceMax,
      "proofResourceMax must not be above blockResourceMax",
    ],
    [p.proofResourceMax > 0, "proofResourceMax must be at least 1"],
    [p.minimumStake > 0n, "minimumStake must be at least 1"],
    [
      p.blockBytesMax >= 2_097_152,
      "blockBytesMax must be at least 2097152, room for any one proof",
    ],
    [p.blockBytesMax <= 8_000_000, "blockBytesMax must be at most 8000000, the wire's bound"],
  ];
  return rules.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}
