import type { MapEntry, MapPromise, StateEntry } from "../../language/syntax/contract.ts";
import type { TypedMap, TypedPromise, TypedScalar } from "../typed/typed-contract.ts";
import type { ContractValue } from "../typed/value-types.ts";
import { defaultOf, isDefault } from "../typed/values.ts";
import { assetOf, checkUnless } from "./check-rules.ts";
import { foldAs } from "./fold.ts";
import type { ContractScope } from "./scope.ts";

/** Scalars and maps of a contract, in the order of their declarations. */
export interface CheckedState {
  readonly scalars: readonly TypedScalar[];
  readonly maps: readonly TypedMap[];
}

/**
 * Checks the entries of a `state` block, with their initial values and their promises (`claim` or
 * `debt`).
 */
export function checkState(entries: readonly StateEntry[], scope: ContractScope): CheckedState {
  const scalars: TypedScalar[] = [];
  const maps: TypedMap[] = [];
  for (const entry of entries) {
    const { name, span } = entry;
    const declared = scope.declared.get(name.text);
    if (entry.type === "scalar" && declared?.type === "scalar") {
      const type = declared.value;
      const initial =
        entry.initial === undefined ? defaultOf(type) : foldAs(entry.initial, type, scope);
      if (initial !== undefined) scalars.push({ name: name.text, type, initial, span });
    }
    if (entry.type === "map" && declared?.type === "map") {
      const { keys, value } = declared;
      const promise =
        entry.promise === undefined ? undefined : checkPromise(entry, entry.promise, scope);
      const initial = checkCells(entry, { keys, value }, scope);
      maps.push({ name: name.text, keys, value, initial, promise, span });
    }
  }
  return { scalars, maps };
}

function checkPromise(
  entry: MapEntry,
  promise: MapPromise,
  scope: ContractScope,
): TypedPromise | undefined {
  const declared = scope.declared.get(entry.name.text);
  const isOfAccounts =
    declared?.type === "map" &&
    declared.keys.length === 1 &&
    declared.keys[0]?.kind === "account" &&
    declared.value.kind === "amount";
  if (!isOfAccounts) {
    scope.report("type", promise.span, `a \`${promise.kind}\` is a \`map[Account] Amount\``);
  }
  const asset = promise.balance === undefined ? undefined : assetOf(promise.balance, scope);
  checkUnless(promise.unless, scope);
  const { kind, span } = promise;
  return { kind, asset, unless: promise.unless.map((name) => name.text), span };
}

function checkCells(
  entry: MapEntry,
  { keys, value }: Pick<TypedMap, "keys" | "value">,
  scope: ContractScope,
): TypedMap["initial"] {
  const seen = new Set<string>();
  return entry.initial.flatMap((cell) => {
    if (cell.keys.length !== keys.length) {
      const count = keys.length === 1 ? "one key" : "two keys";
      const message = `\`${entry.name.text}\` has ${count}, and ${cell.keys.length} are given`;
      scope.report("type", cell.span, message);
      return [];
    }
    const folded: ContractValue[] = cell.keys.flatMap((key, at) => {
      const type = keys[at];
      return type === undefined ? [] : (foldAs(key, type, scope) ?? []);
    });
    const stored = foldAs(cell.value, value, scope);
    if (stored === undefined || folded.length !== keys.length) return [];
    const id = folded.map(String).join(" ");
    if (seen.has(id)) scope.report("duplicate", cell.span, "this cell is given already");
    seen.add(id);
    return isDefault(stored, value) ? [] : [{ keys: folded, value: stored }];
  });
}
