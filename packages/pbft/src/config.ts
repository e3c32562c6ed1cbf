import type { AccountId, ChainParameters, Digest, PublicKey } from "@aethel/models";
import { PbftError } from "./errors.ts";

/** Chain parameters that consensus reads. A whole `ChainParameters` is assignable to it. */
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

/** Configuration of a replica. Only `keys` can change while it runs. */
export interface Config extends Required<PacingParameters> {
  /** Genesis hash. All signatures are bound to the chain with this hash. */
  readonly genesis: Digest;
  /**
   * Id of this replica's validator. A replica whose id is not in the validator set follows without
   * voting.
   */
  readonly id: AccountId;
  /**
   * Public keys of this replica's signers. Undefined: the replica is assumed to have every key that
   * a set names for it.
   */
  readonly keys?: readonly PublicKey[];
  /** Milliseconds without progress after which the replica sends its latest votes again. */
  readonly resendIntervalMs: number;
  /**
   * Most blocks of one sequence that are kept in addition to those that this replica voted for. The
   * oldest is dropped first.
   */
  readonly blocksMax: number;
}

/**
 * Derives the engine's configuration from chain parameters.
 * @throws PbftError `CONFIG` if the parameters do not allow long enough time-outs.
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
 * Returns the precision (how far ahead of a voter's clock a block may be dated), in milliseconds,
 * for parameters without it. It is half a block interval, since a leader must not gain more by
 * dating its block ahead, but no less than the usual difference between clocks.
 */
function precisionFor({ minBlockIntervalMs, maxDriftMs }: PacingParameters): number {
  return Math.min(maxDriftMs, Math.max(50, Math.floor(minBlockIntervalMs / 2)));
}
