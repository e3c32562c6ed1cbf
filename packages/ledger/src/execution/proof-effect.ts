import type { Difficulty, Outcome, Resource, Trust, Verdict, VerifySigned } from "@aethel/models";
import { mintingDifficulty, type StateGrowth } from "@aethel/rewards";
import type { SizedProof } from "../admission/admission.ts";
import type { BlockPrices, Usage } from "../fees/charge.ts";
import type { Taken } from "../fees/units.ts";
import type { BlockMeter } from "../metering/meter.ts";
import { intrinsicUnits } from "../metering/units.ts";
import type { Programs } from "../programs/programs.ts";
import type { CallReceipt } from "../results/call-receipt.ts";
import type { ResultCode } from "../results/result-code.ts";
import type { OpenAccount } from "../state/accounts.ts";
import type { BoundedContext } from "../state/block-context.ts";

/** Context in which a proof is executed. */
export interface ProofContext extends BoundedContext {
  readonly programs: Programs;
  /**
   * Meter of the block. It has enough left for the proof, apart from loading the called program and
   * writing the record.
   */
  readonly meter: BlockMeter;
  readonly prices: BlockPrices;
  readonly treasury: OpenAccount;
  /** Verifies the signatures of records that calls of contracts check. Default: `verifySigned`. */
  readonly verifySigned?: VerifySigned | undefined;
  /** Index of the proof in the block. */
  readonly index: number;
}

/** Result of executing a claim or call, before the fee is computed. */
export interface Effect {
  readonly verdict: Verdict;
  readonly trust: Trust;
  readonly outcome: Outcome;
  readonly code: ResultCode;
  readonly difficulty: Difficulty;
  readonly used: Resource;
  readonly detail: string;
  readonly storedBytes: number;
  /** Execution units in addition to the intrinsic ones, which `intrinsicUnits` computes. */
  readonly units: number;
  readonly growth: StateGrowth;
  /**
   * Micro-tokens of deposits: positive if the author pays them beside the fee, negative if the
   * author gets them.
   */
  readonly deposit: bigint;
  /** Calls of a transaction, for the receipt. */
  readonly calls: readonly CallReceipt[];
}

/**
 * Returns the block resources that a proof uses. They count to its lane (invokes or judged proofs).
 */
function takenBy({ proof, bytes }: SizedProof, effect: Effect): Taken {
  const { body } = proof;
  const isCall = body.type === "invoke";
  return {
    lane: isCall ? "invoke" : "judged",
    bytes: bytes + effect.storedBytes,
    units: intrinsicUnits({ body, bytes }) + effect.units,
    judging: isCall ? 0 : effect.used,
  };
}

/** Returns the usage for which a proof is charged. */
export function usageOf(sized: SizedProof, effect: Effect, { parameters }: BlockPrices): Usage {
  const minting = mintingDifficulty(effect, parameters);
  return { taken: takenBy(sized, effect), minting, growth: effect.growth };
}
