import { AMOUNT_MAX } from "@aethel/models";
import {
  type CellChange,
  type ContractChanges,
  type ContractState,
  type ContractValue,
  type DeclaredAsset,
  defaultOf,
  equalValues,
  isOfType,
  type TypedContract,
  type TypedIntent,
} from "@aethel/verifier";
import { assetName } from "../../state/assets.ts";
import type { WriteDefect } from "../write-defect.ts";
import { findImbalance } from "./conservation.ts";
import { findBrokenPromise } from "./promises.ts";
import { writeSetOf } from "./write-set.ts";

/** Changes of one call of a contract, with the facts that are needed to check them. */
export interface CallChanges {
  readonly contract: TypedContract;
  readonly intent: TypedIntent;
  readonly changes: ContractChanges;
  /** Accounts that signed the transaction, in hexadecimal digits. */
  readonly signed: ReadonlySet<string>;
  /** State before the call. */
  readonly state: ContractState;
}

/**
 * Checks the changes of a call of a contract again, although the Judge proved these facts, and
 * without trust in the interpreter. Each change is of a place that the intent writes, names the
 * value before the call, and stays in range. Holdings fall only of accounts that signed. Cells of
 * claims and debts change as their maps promise. The holdings of each asset, with those of the
 * contract, change by as much as its supply, and only an own asset's supply changes. Returns
 * undefined if there is no defect.
 */
export function findChangeDefect(call: CallChanges): WriteDefect | undefined {
  return (
    findWrongPlace(call) ??
    findWrongAmount(call) ??
    findWrongValue(call) ??
    findWrongEvent(call) ??
    findBrokenPromise(call) ??
    findImbalance(call)
  );
}

/** Finds a change of a place that the intent does not write, or a second change of one place. */
function findWrongPlace({ contract, intent, changes }: CallChanges): WriteDefect | undefined {
  const set = writeSetOf(intent);
  const seen = new Set<string>();
  const check = (isWritten: boolean, place: string): WriteDefect | undefined => {
    if (!isWritten) return { code: "privileged", detail: `${intent.name} does not write ${place}` };
    if (seen.has(place)) return { code: "fault", detail: `two changes of ${place}` };
    seen.add(place);
    return undefined;
  };
  for (const { account, asset } of changes.holdings) {
    const place = `balance[${asset?.name ?? ""}] of ${account}`;
    const defect = check(isIn(set.holdings, contract, asset), place);
    if (defect !== undefined) return defect;
  }
  for (const { asset } of changes.vaults) {
    const place = `vault.balance[${asset?.name ?? ""}]`;
    const defect = check(isIn(set.vaults, contract, asset), place);
    if (defect !== undefined) return defect;
  }
  for (const { asset } of changes.supplies) {
    const defect = check(isIn(set.supplies, contract, asset), `supply[${asset.name}]`);
    if (defect !== undefined) return defect;
  }
  for (const { name } of changes.scalars) {
    const defect = check(set.scalars.has(name), name);
    if (defect !== undefined) return defect;
  }
  for (const { map, keys } of changes.cells) {
    const defect = check(set.maps.has(map), `${map}[${keys.map(String).join("][")}]`);
    if (defect !== undefined) return defect;
  }
  return undefined;
}

/** Tells whether an intent writes amounts of an asset. The asset must be the declared one. */
function isIn(
  names: ReadonlySet<string>,
  contract: TypedContract,
  asset: DeclaredAsset | undefined,
): boolean {
  if (!names.has(asset?.name ?? "")) return false;
  if (asset === undefined) return true;
  const declared = contract.assets.find(({ name }) => name === asset.name);
  return declared !== undefined && assetName(declared) === assetName(asset);
}

/** Finds an amount that is out of range, or that falls or changes without the needed signature. */
function findWrongAmount(call: CallChanges): WriteDefect | undefined {
  const { contract, changes, signed, state } = call;
  for (const change of changes.holdings) {
    const { account, asset, before, after } = change;
    const held =
      asset === undefined
        ? state.holding(account, "balance")
        : state.holding(account, "balance", asset);
    const detail = `balance[${asset?.name ?? ""}] of ${account} from ${before} to ${after}`;
    if (before !== held || !isAmount(after)) return { code: "fault", detail };
    if (after < before && !signed.has(account)) return { code: "authority", detail };
  }
  for (const { asset, before, after } of changes.vaults) {
    const held = asset === undefined ? state.vault() : state.vault(asset);
    if (before === held && isAmount(after)) continue;
    const detail = `vault.balance[${asset?.name ?? ""}] from ${before} to ${after}`;
    return { code: "fault", detail };
  }
  for (const { asset, before, after } of changes.supplies) {
    const detail = `supply[${asset.name}] from ${before} to ${after}`;
    if (before !== state.supply(asset) || !isAmount(after)) return { code: "fault", detail };
    const isOwn = contract.assets.some(({ name, isOwn: own }) => own && name === asset.name);
    if (!isOwn) return { code: "issuer", detail: `${detail}: the contract does not issue it` };
  }
  return undefined;
}

function isAmount(value: bigint): boolean {
  return value >= 0n && value <= AMOUNT_MAX;
}

/** Finds a scalar or a cell whose key or value is not of its type, or that was another before. */
function findWrongValue(call: CallChanges): WriteDefect | undefined {
  const { contract, changes, state } = call;
  for (const { name, before, after } of changes.scalars) {
    const type = contract.scalars.find((scalar) => scalar.name === name)?.type;
    const isRight =
      type !== undefined && isOfType(after, type) && equalValues(before, state.scalar(name));
    if (!isRight)
      return { code: "fault", detail: `${name} from ${String(before)} to ${String(after)}` };
  }
  for (const change of changes.cells) {
    if (isRightCell(contract, change, state)) continue;
    const { map, keys, before, after } = change;
    return {
      code: "fault",
      detail: `${map}[${keys.map(String).join("][")}] from ${String(before)} to ${String(after)}`,
    };
  }
  return undefined;
}

function isRightCell(
  contract: TypedContract,
  { map: name, keys, before, after }: CellChange,
  state: ContractState,
): boolean {
  const map = contract.maps.find((one) => one.name === name);
  if (map === undefined || keys.length !== map.keys.length) return false;
  const inRange = map.keys.every((type, at) => {
    const key = keys[at];
    return key !== undefined && isOfType(key, type);
  });
  if (!inRange || !isOfType(after, map.value)) return false;
  const stored: ContractValue = state.cell(name, keys) ?? defaultOf(map.value);
  return equalValues(before, stored);
}

/** Finds an event that the statements of the intent do not emit at its place. */
function findWrongEvent({ intent, changes }: CallChanges): WriteDefect | undefined {
  const { events: types } = writeSetOf(intent);
  if (changes.events.length !== types.length) {
    const detail = `${changes.events.length} events; ${intent.name} emits ${types.length}`;
    return { code: "fault", detail };
  }
  for (const [at, { name, value }] of changes.events.entries()) {
    const type = types[at];
    if (type !== undefined && type.name === name && isOfType(value, type)) continue;
    return { code: "fault", detail: `${intent.name} does not emit this ${name}` };
  }
  return undefined;
}
