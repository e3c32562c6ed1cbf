import { toHex } from "@aethel/models";
import type { DeclaredAsset } from "@aethel/verifier";

/** Texts of a compiled program's assets, each made once and not at each read and write. */
const names = new WeakMap<DeclaredAsset, string>();

/** Name by which what an invoke holds is looked up: the digits of a declared asset's id. */
export function assetName(asset: DeclaredAsset): string {
  const known = names.get(asset);
  if (known !== undefined) return known;
  const name = toHex(asset.id);
  names.set(asset, name);
  return name;
}
