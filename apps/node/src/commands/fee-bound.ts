import type { ProofBody } from "@aethel/models";
import { feeLimitFor } from "../api/fee-limit.ts";
import { newChainParameters } from "../config/new-chain.ts";
import { failure } from "../failure/failure.ts";
import { formatTokens } from "../terminal/format.ts";

/** Options about the most that an author pays. */
export interface FeeOptions {
  /** Fee limit that the author states. Undefined: the quote of the node. */
  readonly fee?: bigint;
  /** Highest fee limit that is signed. Default: ten times what the prices of a new chain ask. */
  readonly maxFee?: bigint;
}

/** Factor of the highest fee limit to the one at the lowest prices of a new chain. */
const FACTOR = 10n;

/**
 * Refuses a fee limit that its author has not stated and that is too high. The bound is computed
 * here, without asking a node. `tip`: whether the tip is the author's own wish, so that it is added
 * to the bound.
 * @throws NodeError `REFUSED`.
 */
export function checkFeeLimit(
  body: ProofBody,
  { fee, maxFee }: FeeOptions,
  tip: "own-tip" | "others-tip" = "own-tip",
): void {
  if (fee !== undefined && maxFee === undefined) return;
  const most = maxFee ?? usualMost(body, tip);
  if (body.feeLimit <= most) return;
  const { feeLimit } = body;
  const basis =
    maxFee === undefined
      ? `${FACTOR} times what the lowest prices of a new chain ask`
      : "the value of --max-fee";
  throw failure(
    "REFUSED",
    `nothing was signed: the fee limit is ${formatTokens(feeLimit)} tokens, more than ${formatTokens(most)}, ${basis}`,
    `distrust the node or the file; if prices are that high, give --max-fee ${feeLimit}`,
  );
}

function usualMost(body: ProofBody, tip: "own-tip" | "others-tip"): bigint {
  const parameters = newChainParameters("network");
  const { tip: _, ...plain } = body;
  const usual = feeLimitFor(parameters, plain);
  const tipped = tip === "own-tip" ? feeLimitFor(parameters, body) : usual;
  return FACTOR * usual + (tipped - usual);
}
