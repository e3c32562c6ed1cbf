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

/**
 * Asset other than the native one. Declarations with the same name and issuer are the same asset.
 */
export interface DeclaredAsset {
  readonly name: string;
  /** Account that must sign each change of the supply, as 64 lower-case hexadecimal digits. */
  readonly issuer: string;
  readonly id: AssetId;
}

/** Syntax of an account in a source. */
export const accountPattern: RegExp = /^[0-9a-f]{64}$/;

/**
 * Derives the id of a declared asset: `sha256(sha256("aethel/asset") | issuer | sha256(name))`. The
 * id depends on the issuer, so nobody can replace the issuer whose signature an asset requires.
 */
export function declaredAsset(name: string, issuer: string): DeclaredAsset {
  const utf8 = new TextEncoder();
  const tag = sha256(utf8.encode("aethel/asset"));
  const id = sha256(concatBytes(tag, fromHex(issuer), sha256(utf8.encode(name))));
  return { name, issuer, id: toAssetId(id) };
}

/** Returns the name of a stored amount of an account: `balance`, `stake` or `balance[ASSET]`. */
export function holdingName(field: Pick<Field, "field" | "asset">): HoldingName {
  if (field.asset !== undefined) return assetHolding(field.asset.text);
  const { text } = field.field;
  assert(isFieldName(text), "a checked field is known");
  return text;
}

/** Returns the name of an account's stored amount of a declared asset. */
export function assetHolding(asset: string): HoldingName {
  return `balance[${asset}]`;
}

/**
 * Returns the name of the declared asset in the name of a stored amount, such as `GOLD` for
 * `balance[GOLD]`. Empty for a native field.
 */
export function assetOfHolding(name: string): string {
  return name.startsWith("balance[") ? name.slice("balance[".length, -1) : "";
}
