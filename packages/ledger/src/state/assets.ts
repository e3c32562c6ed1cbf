import {
  type AccountId,
  type Amount,
  type AssetId,
  assert,
  fromHex,
  type GenesisAsset,
  toAccountId,
  toAmount,
  toHex,
} from "@aethel/models";
import { type DeclaredAsset, declaredAsset } from "@aethel/verifier";
import { AssetRecord, Holding } from "./records.ts";
import { stateKey } from "./state-key.ts";
import type { StateOverlay } from "./state-overlay.ts";

/** Reads how much of a declared asset an account holds; 0 if nothing. */
export function readHolding(overlay: StateOverlay, id: AccountId, asset: AssetId): Amount {
  return overlay.read(stateKey.holding(id, asset), Holding)?.amount ?? toAmount(0n);
}

/**
 * Writes how much of a declared asset an account holds. A holding of 0 is removed from the tree.
 */
export function writeHolding(
  overlay: StateOverlay,
  holding: { readonly id: AccountId; readonly asset: AssetId; readonly amount: Amount },
): void {
  const { id, asset, amount } = holding;
  overlay.write(stateKey.holding(id, asset), Holding, amount === 0n ? undefined : { amount });
}

/**
 * Reads the record of a declared asset. The asset MUST be registered, as every asset of a published
 * intent is.
 */
export function readAsset(overlay: StateOverlay, asset: AssetId): AssetRecord {
  const record = overlay.read(stateKey.asset(asset), AssetRecord);
  assert(record !== undefined, "the assets of a published intent are registered");
  return record;
}

/**
 * Writes the supply of a declared asset. The caller MUST change the holdings by the same amount.
 */
export function writeSupply(overlay: StateOverlay, asset: AssetId, supply: Amount): void {
  overlay.write(stateKey.asset(asset), AssetRecord, { ...readAsset(overlay, asset), supply });
}

/** Reads the record of a declared asset; undefined if it is not registered yet. */
export function registeredAsset(overlay: StateOverlay, asset: AssetId): AssetRecord | undefined {
  return overlay.read(stateKey.asset(asset), AssetRecord);
}

/** Returns the record of an asset that nobody holds yet. */
export function newAsset({ name, issuer }: DeclaredAsset): AssetRecord {
  const id = toAccountId(fromHex(issuer));
  return { name: new TextEncoder().encode(name), issuer: id, supply: toAmount(0n) };
}

/** Registers the assets of a newly published intent that are not registered yet. */
export function registerAssets(overlay: StateOverlay, assets: readonly DeclaredAsset[]): void {
  for (const asset of assets) {
    if (registeredAsset(overlay, asset.id) !== undefined) continue;
    overlay.write(stateKey.asset(asset.id), AssetRecord, newAsset(asset));
  }
}

/**
 * Registers an asset of the genesis with its holdings. The caller MUST have checked that the
 * holdings add up to the supply.
 */
export function foundAsset(overlay: StateOverlay, asset: GenesisAsset): void {
  const { name, issuer, supply, holdings } = asset;
  const { id } = declaredAsset(new TextDecoder().decode(name), toHex(issuer));
  overlay.write(stateKey.asset(id), AssetRecord, { name, issuer, supply });
  for (const held of holdings) writeHolding(overlay, { ...held, asset: id });
}

/** Cache of the names of assets in compiled programs. */
const names = new WeakMap<DeclaredAsset, string>();

/** Returns the name of a declared asset for lookups: the hexadecimal digits of its id. */
export function assetName(asset: DeclaredAsset): string {
  const known = names.get(asset);
  if (known !== undefined) return known;
  const name = toHex(asset.id);
  names.set(asset, name);
  return name;
}
