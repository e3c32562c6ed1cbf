import {
  type AssetId,
  assert,
  concatBytes,
  fromHex,
  sha256,
  toAssetId,
} from "@aethel/models/primitives";
import { type HoldingName, isFieldName } from "./fields.ts";
import type { Field } from "./syntax.ts";

/** An asset beside the native one. Whoever declares the same name and issuer means the same asset. */
export interface DeclaredAsset {
  readonly name: string;
  /** The account that must sign whatever changes the supply: 64 lower-case hexadecimal digits. */
  readonly issuer: string;
  readonly id: AssetId;
}

/** An account as sources write it. */
export const accountPattern: RegExp = /^[0-9a-f]{64}$/;

/**
 * `sha256(sha256("aethel/asset") | issuer | sha256(name))`: it binds the whole declaration, so that
 * nobody but the issuer can ever be asked to sign for this asset.
 */
export function declaredAsset(name: string, issuer: string): DeclaredAsset {
  const utf8 = new TextEncoder();
  const tag = sha256(utf8.encode("aethel/asset"));
  const id = sha256(concatBytes(tag, fromHex(issuer), sha256(utf8.encode(name))));
  return { name, issuer, id: toAssetId(id) };
}

/** What one stored amount of an account is called: `balance`, `stake` or `balance[ASSET]`. */
export function holdingName(field: Pick<Field, "field" | "asset">): HoldingName {
  if (field.asset !== undefined) return assetHolding(field.asset.text);
  const { text } = field.field;
  assert(isFieldName(text), "a checked field is known");
  return text;
}

/** The name of what accounts hold of a declared asset. */
export function assetHolding(asset: string): HoldingName {
  return `balance[${asset}]`;
}

/** The declared asset of which a holding is; empty for what is of the native one. */
export function assetOfHolding(name: string): string {
  return name.startsWith("balance[") ? name.slice("balance[".length, -1) : "";
}
