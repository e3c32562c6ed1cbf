import { equalBytes, NATIVE_ASSET, type StateChange, toHex } from "@aethel/models";
import { AssetRecord, Holding } from "../state/records.ts";
import { KEY_KIND } from "../state/state-key.ts";
import type { ConservationDefect } from "./conservation-defect.ts";

/**
 * Checks for each declared asset that the sum of its holdings, those of vaults included, changes by
 * as much as its supply, and that its record keeps name and issuer. Returns undefined if there is
 * no defect.
 */
export function findAssetDefect(changes: readonly StateChange[]): ConservationDefect | undefined {
  const assets = new Map<string, { held: bigint; supply: bigint }>();
  for (const change of changes) {
    const asset = assetOf(change.key);
    if (asset === undefined) continue;
    const defect = assetRecordDefect(asset, change);
    if (defect !== undefined) return defect;
    const sums = assets.get(asset) ?? { held: 0n, supply: 0n };
    const { key, before, after } = change;
    const grown = ofAssetAt(key, after) - ofAssetAt(key, before);
    if (key[0] === KEY_KIND.asset) assets.set(asset, { ...sums, supply: sums.supply + grown });
    else assets.set(asset, { ...sums, held: sums.held + grown });
  }
  for (const [asset, { held, supply }] of assets) {
    if (held === supply) continue;
    return { rule: "asset-holdings", asset, expected: supply, actual: held };
  }
  return undefined;
}

function assetRecordDefect(
  asset: string,
  { key, before, after }: StateChange,
): ConservationDefect | undefined {
  if (key[0] !== KEY_KIND.asset || before === undefined) return undefined;
  const record = AssetRecord.decode(before);
  const now = after === undefined ? undefined : AssetRecord.decode(after);
  const isSame =
    now !== undefined && equalBytes(now.issuer, record.issuer) && equalBytes(now.name, record.name);
  return isSame ? undefined : { rule: "asset-record", asset, expected: 1n, actual: 0n };
}

/**
 * Returns the id, in hexadecimal digits, of the declared asset to which a key of the state belongs.
 * Undefined if the key is not about an asset.
 */
function assetOf(key: Uint8Array): string | undefined {
  switch (key[0]) {
    case KEY_KIND.asset:
      return toHex(key.slice(1));
    case KEY_KIND.holding:
      return toHex(key.slice(33));
    case KEY_KIND.vault:
      return equalBytes(key.subarray(33), NATIVE_ASSET) ? undefined : toHex(key.slice(33));
    default:
      return undefined;
  }
}

function ofAssetAt(key: Uint8Array, value: Uint8Array | undefined): bigint {
  if (value === undefined) return 0n;
  return key[0] === KEY_KIND.asset
    ? AssetRecord.decode(value).supply
    : Holding.decode(value).amount;
}

/**
 * Sums the holdings of each declared asset in a whole state, those of vaults included. Returns each
 * sum with the supply that it must equal.
 */
export function assetTotals(
  entries: Iterable<{ key: Uint8Array; value: Uint8Array }>,
): ReadonlyMap<string, { readonly held: bigint; readonly supply: bigint }> {
  const totals = new Map<string, { held: bigint; supply: bigint }>();
  for (const { key, value } of entries) {
    const asset = assetOf(key);
    if (asset === undefined) continue;
    const { held, supply } = totals.get(asset) ?? { held: 0n, supply: 0n };
    const here = ofAssetAt(key, value);
    const isHolding = key[0] !== KEY_KIND.asset;
    totals.set(asset, isHolding ? { held: held + here, supply } : { held, supply: supply + here });
  }
  return totals;
}
