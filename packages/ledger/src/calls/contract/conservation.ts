import type { ContractChanges, DeclaredAsset } from "@aethel/verifier";
import { assetName } from "../../state/assets.ts";
import type { WriteDefect } from "../write-defect.ts";

/**
 * Finds an asset whose holdings, of accounts and of the contract together, change by another amount
 * than its supply. Undefined if there is none.
 */
export function findImbalance({
  changes,
}: {
  readonly changes: ContractChanges;
}): WriteDefect | undefined {
  // The empty string names the native asset, whose supply no call changes.
  const sums = new Map<string, bigint>();
  const note = (asset: DeclaredAsset | undefined, change: bigint): void => {
    const name = asset === undefined ? "" : assetName(asset);
    sums.set(name, (sums.get(name) ?? 0n) + change);
  };
  for (const { asset, before, after } of changes.holdings) note(asset, after - before);
  for (const { asset, before, after } of changes.vaults) note(asset, after - before);
  for (const { asset, before, after } of changes.supplies) note(asset, before - after);
  for (const [asset, change] of sums) {
    if (change === 0n) continue;
    const what = asset === "" ? "all holdings" : `all holdings of asset ${asset}`;
    return { code: "conservation", detail: `${what} would change by ${change}` };
  }
  return undefined;
}
