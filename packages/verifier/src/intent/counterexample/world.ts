import type { Value } from "../../language/evaluate.ts";
import { assetHolding, type DeclaredAsset } from "../../language/syntax/assets.ts";
import type { HoldingName } from "../../language/syntax/fields.ts";
import type { TermValue } from "../../term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import {
  touchedAccounts,
  touchedFields,
  touchedSupplies,
  usesSequence,
} from "../compiled/touched.ts";
import { argumentKey, fieldKey, sequenceKey, supplyKey } from "../encoder/observed.ts";
import type { ExecutionInput } from "../execution/execution.ts";
import { isPossibleState } from "../ledger-invariants.ts";

/** Arguments of a run and the state before it, as read from a solver's model. */
export interface World {
  readonly input: ExecutionInput;
  /** Fields before the run, by the name of the account. */
  readonly accounts: ReadonlyMap<string, Readonly<Partial<Record<HoldingName, bigint>>>>;
  /**
   * Supplies before the run of the assets whose supply the intent reads or writes, by asset name.
   */
  readonly supplies: ReadonlyMap<string, bigint>;
}

/**
 * Reads arguments and state from the values of a model. Undefined if a value is missing, or if no
 * state of the ledger has such values.
 */
export function worldOf(
  intent: CompiledIntent,
  valuation: ReadonlyMap<string, TermValue>,
): World | undefined {
  const names = accountNames(intent, valuation);
  const values = new Map<string, Value>();
  for (const parameter of intent.parameters) {
    const value =
      parameter.type === "Account"
        ? names.get(parameter.name)
        : valuation.get(argumentKey(parameter.name));
    if (value === undefined) return undefined;
    values.set(parameter.name, value);
  }
  const accounts = new Map<string, Partial<Record<HoldingName, bigint>>>();
  const touched = touchedFields(intent);
  for (const parameter of touchedAccounts(intent)) {
    const name = names.get(parameter) ?? parameter;
    const fields = accounts.get(name) ?? {};
    for (const field of touched) {
      const value = valuation.get(fieldKey(parameter, field));
      // Two parameters that mean one account must agree on its fields.
      if (typeof value !== "bigint" || (fields[field] ?? value) !== value) return undefined;
      fields[field] = value;
    }
    accounts.set(name, fields);
  }
  const supplies = new Map<string, bigint>();
  for (const asset of touchedSupplies(intent)) {
    const value = valuation.get(supplyKey(asset));
    if (typeof value !== "bigint") return undefined;
    supplies.set(asset, value);
  }
  if (!isPossibleState(accounts.values(), supplies)) return undefined;
  const sequence = usesSequence(intent) ? valuation.get(sequenceKey) : 0n;
  if (typeof sequence !== "bigint") return undefined;
  const read: ExecutionInput["read"] = (account, field, asset) =>
    accounts.get(account)?.[asset === undefined ? field : assetHolding(asset.name)] ?? 0n;
  const supply = (asset: DeclaredAsset): bigint => supplies.get(asset.name) ?? 0n;
  return { input: { arguments: values, sequence, read, supply }, accounts, supplies };
}

/**
 * Returns a name for the account of each account parameter. If several parameters name one account,
 * their names are joined, as in `from = to`.
 */
function accountNames(
  intent: CompiledIntent,
  valuation: ReadonlyMap<string, TermValue>,
): ReadonlyMap<string, string> {
  const groups = new Map<bigint, string[]>();
  for (const { name, type } of intent.parameters) {
    const key = type === "Account" ? valuation.get(argumentKey(name)) : undefined;
    if (typeof key === "bigint") groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  return new Map(
    [...groups.values()].flatMap((group) => group.map((name) => [name, group.join(" = ")])),
  );
}
