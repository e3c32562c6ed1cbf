import type { AccountId, ChainParameters, Digest, PublicKey } from "@aethel/models";
import { PbftError } from "./errors.ts";

/** The chain parameters that consensus reads; a whole `ChainParameters` is one of these. */
export type PacingParameters = Pick<
  ChainParameters,
  | "minBlockIntervalMs"
  | "heartbeatIntervalMs"
  | "maxDriftMs"
  | "viewTimeoutMs"
  | "viewTimeoutMaxMs"
  | "judgingBoundMs"
  | "disseminationBoundMs"
  | "networkDelayMs"
> &
  Partial<Pick<ChainParameters, "clockPrecisionMs">>;

/** Configuration of a replica, constant for its life except for `keys`. */
export interface Config extends Required<PacingParameters> {
  /** Genesis hash: the chain that all signatures are bound to. */
  readonly genesis: Digest;
  /** Identity of this replica. Outside the validator set it follows and does not vote. */
  readonly id: AccountId;
  /**
   * Public keys of its signers. Undefined: it is taken to hold whatever key the set names for it.
   */
  readonly keys?: readonly PublicKey[];
  /** Milliseconds without progress after which the latest votes are sent again. */
  readonly resendIntervalMs: number;
  /**
   * Most blocks of one sequence that are kept beside those that were voted for. The oldest is
   * dropped first.
   */
  readonly blocksMax: number;
}

/**
 * Derives the engine's configuration from chain parameters.
 *
 * @throws PbftError `CONFIG` when time-outs could never be long enough.
 */
export function createConfig(options: {
  readonly genesis: Digest;
  readonly id: AccountId;
  readonly parameters: PacingParameters;
}): Config {
  const { genesis, id, parameters: p } = options;
  const floor = 2 * (p.judgingBoundMs + p.disseminationBoundMs + 3 * p.networkDelayMs);
  const problems = [
    ...(p.viewTimeoutMs > 0 ? [] : ["viewTimeoutMs must be at least 1"]),
    ...(p.viewTimeoutMaxMs >= floor ? [] : [`viewTimeoutMaxMs must be at least ${floor}`]),
    ...(p.viewTimeoutMaxMs >= p.viewTimeoutMs
      ? []
      : ["viewTimeoutMaxMs must be at least viewTimeoutMs"]),
  ];
  if (problems.length > 0) throw new PbftError({ code: "CONFIG", problems });
  return {
    genesis,
    id,
    minBlockIntervalMs: p.minBlockIntervalMs,
    heartbeatIntervalMs: p.heartbeatIntervalMs,
    clockPrecisionMs: p.clockPrecisionMs ?? precisionFor(p),
    maxDriftMs: p.maxDriftMs,
    viewTimeoutMs: p.viewTimeoutMs,
    viewTimeoutMaxMs: p.viewTimeoutMaxMs,
    judgingBoundMs: p.judgingBoundMs,
    disseminationBoundMs: p.disseminationBoundMs,
    networkDelayMs: p.networkDelayMs,
    resendIntervalMs: Math.max(1, 2 * p.networkDelayMs, Math.floor(p.viewTimeoutMs / 4)),
    blocksMax: 8,
  };
}

/**
 * Returns the clock precision, in milliseconds, for parameters that do not have it: half a block
 * interval, which is as much as a leader may gain for its turn by dating its block ahead, but no
 * less than clocks manage.
 */
function precisionFor({ minBlockIntervalMs, maxDriftMs }: PacingParameters): number {
  return Math.min(maxDriftMs, Math.max(50, Math.floor(minBlockIntervalMs / 2)));
}
