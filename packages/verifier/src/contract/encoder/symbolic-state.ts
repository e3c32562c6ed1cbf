import { assert } from "@aethel/models/primitives";
import { choose, equal, select, store, symbol } from "../../intent/build-term.ts";
import type { Sort, Term } from "../../term.ts";
import type { Place, TypedContract } from "../typed/typed-contract.ts";
import type { ScalarType, ValueType } from "../typed/value-types.ts";
import type { SumTable } from "./sums.ts";

/** Value as terms: one term, or one for each field of a record. */
export type Terms = readonly Term[];

/** State of the ledger and of the contract as terms. */
export interface SymbolicState {
  /** Arrays from account to amount, by `holdingKey`. */
  readonly holdings: ReadonlyMap<string, Term>;
  /** Supplies of declared assets, by name. */
  readonly supplies: ReadonlyMap<string, Term>;
  /** Holdings of the contract by name of the asset; the native asset has the empty name. */
  readonly vaults: ReadonlyMap<string, Term>;
  readonly scalars: ReadonlyMap<string, Terms>;
  /** Arrays from keys to the fields of a cell, by map. A map with two keys has arrays of arrays. */
  readonly maps: ReadonlyMap<string, Terms>;
  /**
   * Values of the sums, by index in `SumTable`. A sum over rows is an array from the first key of a
   * row to the sum of the row.
   */
  readonly sums: readonly Term[];
}

/** Returns the key of a field of accounts in `SymbolicState.holdings`. */
export function holdingKey(field: "balance" | "stake", asset: string): string {
  return asset === "" ? field : `${field}[${asset}]`;
}

/** Returns the sort of the terms for values of a type. */
export function sortOf(type: { readonly kind: string }): "integer" | "boolean" {
  return type.kind === "bool" ? "boolean" : "integer";
}

/**
 * Returns the types of the parts of a value: those of the fields for a record, otherwise the type
 * itself.
 */
export function partsOf(type: ValueType): readonly ScalarType[] {
  return type.kind === "record" ? type.fields.map((field) => field.type) : [type];
}

/** Sort of the cells of a map: an array for each key. */
function cellsSort(keys: number, element: Sort): Sort {
  const row: Sort = { type: "array", index: "integer", element };
  return keys === 1 ? row : { type: "array", index: "integer", element: row };
}

/**
 * Returns a state of which nothing is known, with a symbol for each place. Names of symbols contain
 * a dot, which no name of a source does. States with different prefixes share no symbol.
 */
export function symbolicState(contract: TypedContract, sums: SumTable, prefix = ""): SymbolicState {
  const assets = ["", ...contract.assets.map((asset) => asset.name)];
  const holdings = assets.map((asset) => holdingKey("balance", asset));
  const parts = (name: string, type: ValueType, sort: (part: ScalarType) => Sort): Terms =>
    partsOf(type).map((part, at) => symbol(`${name}.${at}`, sort(part)));
  return {
    holdings: new Map(
      [...holdings, "stake"].map((key) => [
        key,
        symbol(`${prefix}.${key}`, cellsSort(1, "integer")),
      ]),
    ),
    supplies: new Map(
      contract.assets.map(({ name }) => [name, symbol(`${prefix}.supply[${name}]`, "integer")]),
    ),
    vaults: new Map(assets.map((asset) => [asset, symbol(`${prefix}.vault[${asset}]`, "integer")])),
    scalars: new Map(
      contract.scalars.map(({ name, type }) => [
        name,
        parts(`${prefix}.scalar.${name}`, type, sortOf),
      ]),
    ),
    maps: new Map(
      contract.maps.map(({ name, keys, value }) => [
        name,
        parts(`${prefix}.map.${name}`, value, (part) => cellsSort(keys.length, sortOf(part))),
      ]),
    ),
    sums: sums.entries.map(({ sum }, at) =>
      symbol(`${prefix}.sum.${at}`, sum.row === undefined ? "integer" : cellsSort(1, "integer")),
    ),
  };
}

/** Returns the entry for a name that a checked contract has declared. */
export function lookUp<V>(map: ReadonlyMap<string, V>, name: string): V {
  const value = map.get(name);
  assert(value !== undefined, "a checked name is part of the state");
  return value;
}

/** Returns the element of an array at one or two keys. */
export function readCell(array: Term, keys: Terms): Term {
  return keys.reduce((rest, key) => select(rest, key), array);
}

/** Returns an array with the element at one or two keys changed. */
export function writeCell(array: Term, keys: Terms, value: Term): Term {
  const [first, second] = keys;
  assert(first !== undefined, "a map has a key");
  if (second === undefined) return store(array, first, value);
  return store(array, first, store(select(array, first), second, value));
}

/** Returns the terms of a cell's fields. */
export function cellAt(state: SymbolicState, map: string, keys: Terms): Terms {
  return lookUp(state.maps, map).map((array) => readCell(array, keys));
}

/** Returns one formula for each key, which says that it is equal in both lists. */
export function sameKeys(left: Terms, right: Terms): readonly Term[] {
  return left.map((key, at) => {
    const other = right[at];
    assert(other !== undefined, "keys of one map are as many");
    return equal(key, other);
  });
}

/** Returns the parts of `if condition then ... else ...`. */
export function chooseParts(condition: Term, then: Terms, otherwise: Terms): Terms {
  return then.map((part, at) => {
    const other = otherwise[at];
    assert(other !== undefined, "both branches are of one type");
    return choose(condition, part, other);
  });
}

/** Place that a statement stores, with its account or keys as terms. */
export type SymbolicPlace =
  | { readonly type: "holding"; readonly account: Term; readonly asset: string }
  | Extract<Place, { type: "supply" | "vault" | "scalar" }>
  | {
      readonly type: "cell";
      readonly map: string;
      readonly keys: Terms;
      readonly field: number | undefined;
    };

/** Returns the state after a value is stored, without its effect on sums. */
export function storeAt(state: SymbolicState, place: SymbolicPlace, value: Terms): SymbolicState {
  const [only] = value;
  assert(only !== undefined, "a value has a part");
  switch (place.type) {
    case "holding": {
      const key = holdingKey("balance", place.asset);
      const array = store(lookUp(state.holdings, key), place.account, only);
      return { ...state, holdings: new Map(state.holdings).set(key, array) };
    }
    case "supply":
      return { ...state, supplies: new Map(state.supplies).set(place.asset, only) };
    case "vault":
      return { ...state, vaults: new Map(state.vaults).set(place.asset, only) };
    case "scalar": {
      const parts = withPart(lookUp(state.scalars, place.name), place.field, value);
      return { ...state, scalars: new Map(state.scalars).set(place.name, parts) };
    }
    case "cell": {
      const { map, keys, field } = place;
      const arrays = lookUp(state.maps, map).map((array, at) => {
        const part = field === undefined ? value[at] : field === at ? only : undefined;
        return part === undefined ? array : writeCell(array, keys, part);
      });
      return { ...state, maps: new Map(state.maps).set(map, arrays) };
    }
  }
}

/**
 * Returns the parts of a value after one field is replaced. If `field` is undefined, returns
 * `value`, which replaces all of them.
 */
export function withPart(parts: Terms, field: number | undefined, value: Terms): Terms {
  return field === undefined
    ? value
    : parts.map((part, at) => (at === field ? (value[0] ?? part) : part));
}
