import { printValue } from "../typed/print-value.ts";
import type { TypedContract, TypedForEach, TypedIntent } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { none } from "../typed/values.ts";
import type { WholeState } from "../whole-state/whole-state.ts";
import type { Concrete } from "./concrete.ts";

/** Names of the accounts and digests of a run, by their hexadecimal digits. */
export type Names = ReadonlyMap<string, string>;

/**
 * Names each account after the first parameter whose value it is. Accounts that are no parameter's
 * value are numbered.
 */
export function namesOf(
  intent: TypedIntent | undefined,
  of: {
    readonly concrete: Concrete;
    readonly after: WholeState;
    /** Keys beside those in the states. Default: none. */
    readonly keys?: readonly FieldValue[];
  },
): Names {
  const { concrete, after, keys: beside = [] } = of;
  const names = new Map<string, string>([[none, "none"]]);
  for (const { name, type } of intent?.parameters ?? []) {
    const value = concrete.call.arguments.get(name);
    if (type.kind !== "account" || typeof value !== "string" || value === none) continue;
    if (!names.has(value)) names.set(value, name);
  }
  let others = 0;
  const add = (value: FieldValue): void => {
    if (typeof value !== "string" || names.has(value)) return;
    others += 1;
    names.set(value, `#${others}`);
  };
  for (const state of [concrete.state, after]) {
    for (const cells of state.maps.values()) {
      for (const { keys, value } of cells.values()) {
        for (const key of keys) add(key);
        for (const part of typeof value === "object" ? value : [value]) add(part);
      }
    }
    for (const value of state.scalars.values()) {
      for (const part of typeof value === "object" ? value : [value]) add(part);
    }
  }
  for (const key of beside) add(key);
  for (const account of concrete.holdings.keys()) add(account);
  for (const account of concrete.call.signers) add(account);
  return names;
}

/** Returns a value of a scalar type in the words of the source. */
export function showField(
  value: FieldValue,
  type: ScalarType | { readonly kind: "signature" },
  names: Names,
): string {
  if (type.kind === "digest" && value === none) return "zeros";
  return printValue(value, type, (text) => names.get(text) ?? text);
}

/** Returns a value in the words of the source, a record with all its fields. */
export function showValue(value: ContractValue, type: ValueType, names: Names): string {
  if (type.kind !== "record") return typeof value === "object" ? "" : showField(value, type, names);
  if (typeof value !== "object") return "";
  const fields = type.fields.flatMap((field, at) => {
    const part = value[at];
    return part === undefined ? [] : [`${field.name}: ${showField(part, field.type, names)}`];
  });
  return `${type.name} { ${fields.join(", ")} }`;
}

/** Returns the name of an account in a sentence. */
export function nameOf(account: string, names: Names): string {
  return names.get(account) ?? account;
}

/** Returns `name = value`, or the name alone if the value is the same text. */
export function keyText(name: string, value: string): string {
  return name === value ? name : `${name} = ${value}`;
}

/** Returns keys for the names of a `for each`, as ` for id = 7`. Empty if there are none. */
export function forKeys(
  forEach: TypedForEach | undefined,
  keys: readonly FieldValue[],
  names: Names,
): string {
  const shown = (forEach?.binders ?? []).flatMap(({ name, type }, at) => {
    const key = keys[at];
    return key === undefined ? [] : [keyText(name, showField(key, type, names))];
  });
  return shown.length === 0 ? "" : ` for ${shown.join(", ")}`;
}

/** Returns a cell in the words of the source, such as `deals[7]`. */
export function showCell(
  contract: TypedContract,
  { map, keys }: { readonly map: string; readonly keys: readonly FieldValue[] },
  names: Names,
): string {
  const types = contract.maps.find(({ name }) => name === map)?.keys ?? [];
  const shown = keys.map((key, at) => {
    const type = types[at];
    return type === undefined ? "" : `[${showField(key, type, names)}]`;
  });
  return `${map}${shown.join("")}`;
}
