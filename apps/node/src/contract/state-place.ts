import { cellCoding, encodeKeys, Holding, scalarsCoding, stateKey } from "@aethel/ledger";
import { type AssetId, assertNever, NATIVE_ASSET, toHex } from "@aethel/models";
import {
  defaultOf,
  type FieldValue,
  nearestName,
  type TypedContract,
  type TypedMap,
  type ValueType,
} from "@aethel/verifier";
import { keyText, typeText, type ValueJson, valueJson } from "../api/contract-value.ts";
import { failure } from "../failure/failure.ts";
import { type ReadingContext, readValue } from "./read-value.ts";

/** Place in the state of a contract. */
export type StatePlace =
  /** Scalar, by its index among the scalars. All scalars are one entry of the state. */
  | { readonly type: "scalar"; readonly at: number }
  /** Holdings of the contract itself. `asset` is empty for the native one. */
  | { readonly type: "vault"; readonly asset: string; readonly id: AssetId }
  /** Cell of a map, by the index of the map and its keys. */
  | {
      readonly type: "cell";
      readonly index: number;
      readonly map: TypedMap;
      readonly keys: readonly FieldValue[];
    };

/**
 * Reads a place from words: the name of a scalar; `vault`, and the name of an asset; or the name of
 * a map and its keys.
 * @throws NodeError `USAGE` that lists what there is.
 */
export async function readPlace(
  contract: TypedContract,
  [name = "", ...rest]: readonly string[],
  context: ReadingContext,
): Promise<StatePlace> {
  if (name === "vault") return readVault(contract, rest);
  const at = contract.scalars.findIndex((one) => one.name === name);
  if (at >= 0) {
    if (rest.length === 0) return { type: "scalar", at };
    throw failure("USAGE", `\`${name}\` is a scalar and has no keys`, "leave the keys out");
  }
  const index = contract.maps.findIndex((one) => one.name === name);
  const map = contract.maps[index];
  if (map === undefined) throw unknownPlace(contract, name);
  const types = map.keys.map(typeText).join(", ");
  if (rest.length !== map.keys.length) {
    const number = map.keys.length === 1 ? "one key" : "two keys";
    const next = `write ${[name, ...map.keys.map(typeText)].join(" ")}, with values for the types`;
    throw failure("USAGE", `a cell of \`${name}\` is named by ${number}: ${types}`, next);
  }
  const keys: FieldValue[] = [];
  for (const [place, type] of map.keys.entries()) {
    const text = rest[place] ?? "";
    const read = await readValue(text, type, context);
    if (!read.ok) {
      throw failure("USAGE", `the key \`${text}\` ${read.reason}`, `give a key of ${types}`);
    }
    keys.push(read.value);
  }
  return { type: "cell", index, map, keys };
}

function readVault({ assets }: TypedContract, rest: readonly string[]): StatePlace {
  const [name, second] = rest;
  if (second !== undefined) throw failure("USAGE", `\`${second}\` is too much`, "name one asset");
  if (name === undefined) return { type: "vault", asset: "", id: NATIVE_ASSET };
  const asset = assets.find((one) => one.name === name);
  if (asset !== undefined) return { type: "vault", asset: name, id: asset.id };
  const names = assets.map((one) => one.name).join(", ");
  const next = names === "" ? "it declares none: name no asset" : `name one of ${names}`;
  throw failure("USAGE", `the contract declares no asset \`${name}\``, next);
}

function unknownPlace({ scalars, maps }: TypedContract, name: string): Error {
  const names = [...scalars.map((one) => one.name), ...maps.map((one) => one.name), "vault"];
  const near = nearestName(name, names);
  const hint = near === undefined ? "" : `; did you mean \`${near}\`?`;
  const next = `name one of ${names.join(", ")}`;
  return failure("USAGE", `the contract has no state \`${name}\`${hint}`, next);
}

/** Writes a place as the language does: `deals[7]`, `next`, `vault.balance[SHARE]`. */
export function placeText(contract: TypedContract, place: StatePlace): string {
  switch (place.type) {
    case "scalar":
      return contract.scalars[place.at]?.name ?? "";
    case "vault":
      return place.asset === "" ? "vault.balance" : `vault.balance[${place.asset}]`;
    case "cell":
      return `${place.map.name}${keysOf(place)
        .map((key) => `[${key}]`)
        .join("")}`;
    default:
      return assertNever(place);
  }
}

/** Keys of a cell as the text that the API reads. */
export function keysOf({ map, keys }: Extract<StatePlace, { readonly type: "cell" }>): string[] {
  return map.keys.map((type, at) => keyText(keys[at] ?? "", type));
}

/** Type of the value at a place. */
export function typeAt(contract: TypedContract, place: StatePlace): ValueType {
  switch (place.type) {
    case "scalar":
      return contract.scalars[place.at]?.type ?? { kind: "bool" };
    case "vault":
      return { kind: "amount" };
    case "cell":
      return place.map.value;
    default:
      return assertNever(place);
  }
}

/** Key of the state's entry that has a place. */
export function entryOf({ digest }: TypedContract, place: StatePlace): Uint8Array {
  switch (place.type) {
    case "scalar":
      return stateKey.scalars(digest);
    case "vault":
      return stateKey.vault(digest, place.id);
    case "cell":
      return stateKey.cell(digest, { map: place.index, keys: encodeKeys(place.map, place.keys) });
    default:
      return assertNever(place);
  }
}

/**
 * Decodes the value at a place from the entry that has it. `bytes`: undefined for an absent entry,
 * which only a cell may have.
 * @throws NodeError `NOT_FOUND` if an entry is absent that each published contract has.
 */
export function valueAt(
  contract: TypedContract,
  place: StatePlace,
  bytes: Uint8Array | undefined,
): ValueJson {
  const type = typeAt(contract, place);
  if (bytes === undefined) {
    if (place.type === "cell") return valueJson(defaultOf(type), type);
    const what = `contract ${toHex(contract.digest)} has no ${placeText(contract, place)}`;
    throw failure("NOT_FOUND", what, "name a published contract");
  }
  switch (place.type) {
    case "scalar":
      return valueJson(scalarsCoding(contract).decode(bytes)[place.at] ?? defaultOf(type), type);
    case "vault":
      return valueJson(Holding.decode(bytes).amount, type);
    case "cell":
      return valueJson(cellCoding(place.map).decode(bytes), type);
    default:
      return assertNever(place);
  }
}
