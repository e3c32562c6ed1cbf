import { toHex } from "../bytes.ts";
import {
  accountId,
  amount,
  boundedBytes,
  type Codec,
  type Infer,
  list,
  struct,
} from "../codec/index.ts";
import type { AccountId, Amount } from "../ids.ts";
import { ASSET_NAME_BYTES_MAX, GENESIS_ASSETS_MAX, GENESIS_HOLDINGS_MAX } from "../limits.ts";
import type { Problem } from "../problem.ts";
import { duplicateProblems } from "./duplicates.ts";

/** Amount that a founding account holds of a declared asset, in whole units. */
export const GenesisHolding = struct("GenesisHolding", { id: accountId, amount });
export type GenesisHolding = Infer<typeof GenesisHolding>;

/**
 * Asset that exists at genesis, besides the native one. A source that declares an asset of the same
 * name and issuer means this asset.
 */
export const GenesisAsset: Codec<{
  /** Name as in sources: a letter or `_`, then letters, digits and `_`. */
  readonly name: Uint8Array;
  /** Account that must sign every change of the supply. */
  readonly issuer: AccountId;
  /** Sum of all holdings, in whole units. */
  readonly supply: Amount;
  readonly holdings: readonly GenesisHolding[];
}> = struct("GenesisAsset", {
  name: boundedBytes(ASSET_NAME_BYTES_MAX),
  issuer: accountId,
  supply: amount,
  holdings: list(GenesisHolding, GENESIS_HOLDINGS_MAX),
});
export type GenesisAsset = Infer<typeof GenesisAsset>;

/** Assets of a genesis. */
export const genesisAssets: Codec<readonly GenesisAsset[]> = list(GenesisAsset, GENESIS_ASSETS_MAX);

/** Accounts that may hold assets: their ids in hex, and their paths in the genesis. */
export interface Founders {
  readonly ids: ReadonlySet<string>;
  readonly paths: readonly string[];
}

/** Returns the problems of a genesis' assets. */
export function assetProblems(assets: readonly GenesisAsset[], founders: Founders): Problem[] {
  return [
    ...assets.flatMap((asset, at) => [
      ...nameProblems(asset, `assets[${at}].name`),
      ...holdingProblems(asset, `assets[${at}]`, founders),
      ...sumProblems(asset, `assets[${at}]`),
    ]),
    ...duplicateProblems(
      assets.map(({ name, issuer }, at) => {
        const value = `${asciiText(name)} of issuer ${toHex(issuer)}`;
        return { path: `assets[${at}].name`, value };
      }),
    ),
  ];
}

/** Checks that a name is a name in the Aethel language. */
function nameProblems({ name }: GenesisAsset, path: string): Problem[] {
  const text = asciiText(name);
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return [];
  const repair = "write a letter or _, then letters, digits and _, as sources do";
  return [{ path, what: `\`${text}\` is no name of an asset`, repair, involves: [] }];
}

function holdingProblems({ holdings }: GenesisAsset, asset: string, founders: Founders): Problem[] {
  const problems = holdings.flatMap(({ id, amount: held }, at): Problem[] => {
    const path = `${asset}.holdings[${at}]`;
    const who = toHex(id);
    const stranger: Problem = {
      path: `${path}.id`,
      what: `${who} is no founding account`,
      repair: "copy the id again, or add it to accounts, with 0 tokens if it has none",
      involves: founders.paths,
    };
    const nothing: Problem = {
      path: `${path}.amount`,
      what: "is 0",
      repair: "give at least 1, or remove the holding",
      involves: [],
    };
    return [...(founders.ids.has(who) ? [] : [stranger]), ...(held > 0n ? [] : [nothing])];
  });
  const ids = holdings.map(({ id }, at) => ({
    path: `${asset}.holdings[${at}].id`,
    value: toHex(id),
  }));
  return [...problems, ...duplicateProblems(ids)];
}

function sumProblems({ supply, holdings }: GenesisAsset, asset: string): Problem[] {
  const sum = holdings.reduce((total, holding) => total + holding.amount, 0n);
  if (sum === supply) return [];
  return [
    {
      path: `${asset}.supply`,
      what: `is ${supply}`,
      repair: `the holdings are ${sum} together; correct one or the other`,
      involves: [
        `${asset}.holdings`,
        ...holdings.map((_, at) => `${asset}.holdings[${at}].amount`),
      ],
    },
  ];
}

/** Returns bytes as text for messages, with `?` for each byte that is not printable ASCII. */
function asciiText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "?",
  ).join("");
}
