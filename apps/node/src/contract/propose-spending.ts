import { fromHex, type SpendingLimit, toAmount, toAssetId } from "@aethel/models";
import type { QuoteBody } from "../api/fee-api.ts";
import { failure } from "../failure/failure.ts";
import { sortLimits } from "./spending.ts";

/**
 * Proposes the spending limits that a run on the head state needs, and no more. Undefined if the
 * transaction was not run and needs none.
 * @throws NodeError `USAGE` if it needs limits and was not run.
 */
export function proposeSpending(
  run: QuoteBody["run"],
  needsLimits: boolean,
): readonly SpendingLimit[] | undefined {
  if (run?.type === "run") return lossesOf(run);
  if (run?.type === "refused" || !needsLimits) return undefined;
  const next = "say what the signers may lose: --spend AMOUNT, or --spend none";
  throw failure("USAGE", "the node did not run the transaction, so it proposes no limits", next);
}

/** Lists what a run took from each signer. */
export function lossesOf(
  run: Extract<QuoteBody["run"], { readonly type: "run" }>,
): readonly SpendingLimit[] {
  return sortLimits(
    run.losses.map(({ signer, asset, amount }) => ({
      signer,
      asset: toAssetId(fromHex(asset)),
      amount: toAmount(BigInt(amount)),
    })),
  );
}
