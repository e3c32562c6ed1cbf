import type { ContractChanges } from "../execution/contract-state.ts";
import type { TypedContract } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { defaultOf, isDefault } from "../typed/values.ts";

/** Everything that a contract stores. Cells that equal the default of their type are absent. */
export interface WholeState {
  readonly scalars: ReadonlyMap<string, ContractValue>;
  /** Cells by map, and then by `cellKey` of their keys. */
  readonly maps: ReadonlyMap<string, ReadonlyMap<string, WholeCell>>;
  /** Holdings of the contract by asset; empty for the native one. Absent means 0. */
  readonly vaults: ReadonlyMap<string, bigint>;
  /** Supplies of the contract's own assets. Absent means 0. */
  readonly supplies: ReadonlyMap<string, bigint>;
}

/** Cell of a map that is present. */
export interface WholeCell {
  readonly keys: readonly FieldValue[];
  readonly value: ContractValue;
}

/** Returns a text that is equal for equal keys of one map only. */
export function cellKey(keys: readonly FieldValue[]): string {
  return keys.map(String).join(" ");
}

/** Returns the state of a contract when it is published. */
export function initialState(contract: TypedContract): WholeState {
  const scalars = new Map(contract.scalars.map(({ name, initial }) => [name, initial]));
  const maps = new Map(
    contract.maps.map(({ name, initial }) => {
      const cells = initial.map((cell): [string, WholeCell] => {
        const keys = cell.keys.flatMap((key) => (typeof key === "object" ? [] : [key]));
        return [cellKey(keys), { keys, value: cell.value }];
      });
      return [name, new Map(cells)];
    }),
  );
  return { scalars, maps, vaults: new Map(), supplies: new Map() };
}

/** Returns the value of a cell; the default of its type if the cell is absent. */
export function cellOf(
  contract: TypedContract,
  state: WholeState,
  place: { readonly map: string; readonly keys: readonly FieldValue[] },
): ContractValue {
  const cell = state.maps.get(place.map)?.get(cellKey(place.keys));
  if (cell !== undefined) return cell.value;
  const map = contract.maps.find((one) => one.name === place.map);
  if (map === undefined) throw new Error(`a checked map is declared, not ${place.map}`);
  return defaultOf(map.value);
}

/** Returns the state after the changes of a call. The state before stays as it is. */
export function applyChanges(
  contract: TypedContract,
  state: WholeState,
  changes: ContractChanges,
): WholeState {
  const scalars = new Map(state.scalars);
  for (const { name, after } of changes.scalars) scalars.set(name, after);
  const maps = new Map(state.maps);
  for (const { map: name, keys, after } of changes.cells) {
    const map = contract.maps.find((one) => one.name === name);
    const cells = new Map(maps.get(name));
    if (map !== undefined && isDefault(after, map.value)) cells.delete(cellKey(keys));
    else cells.set(cellKey(keys), { keys, value: after });
    maps.set(name, cells);
  }
  const vaults = new Map(state.vaults);
  for (const { asset, after } of changes.vaults) vaults.set(asset?.name ?? "", after);
  const supplies = new Map(state.supplies);
  for (const { asset, after } of changes.supplies) supplies.set(asset.name, after);
  return { scalars, maps, vaults, supplies };
}
