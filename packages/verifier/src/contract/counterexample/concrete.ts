import type { TermValue } from "../../term.ts";
import type { Before } from "../encoder/assumptions.ts";
import { holdingKey, partsOf } from "../encoder/symbolic-state.ts";
import type { ContractCall, ContractState } from "../execution/contract-state.ts";
import type { ContractParameter, TypedContract, TypedIntent } from "../typed/typed-contract.ts";
import type { ContractValue, FieldValue, ScalarType, ValueType } from "../typed/value-types.ts";
import { isDefault, isOfType, none } from "../typed/values.ts";
import { statePort } from "../whole-state/state-port.ts";
import { cellKey, type WholeCell, type WholeState } from "../whole-state/whole-state.ts";
import { type FiniteQuestion, observedKey } from "./finite-question.ts";

/** State and call that a model describes. */
export interface Concrete {
  readonly state: WholeState;
  /**
   * Amounts that accounts hold before the call: by account, then by field and asset (`holdingKey`).
   */
  readonly holdings: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  /** Supplies of the declared assets that other accounts issue, by name of the asset. */
  readonly supplies: ReadonlyMap<string, bigint>;
  readonly call: ContractCall;
  /**
   * Counts units of work on the state before the work is done. May throw to stop the work. Default:
   * counts nothing.
   */
  readonly spend?: (units: number) => void;
}

type Values = ReadonlyMap<string, TermValue>;

/**
 * Reads a state and a call from the values of a model. Without an intent the call has no arguments.
 * Undefined if a value is missing or outside its type, or if the model gives two values to one
 * account, cell or signature.
 */
export function concreteOf(
  intent: TypedIntent | undefined,
  { question, cells, accounts }: FiniteQuestion,
  { before, values }: { readonly before: Before; readonly values: Values },
): Concrete | undefined {
  const { contract } = before;
  const args = argumentsOf(intent?.parameters ?? [], values);
  const scalars = scalarsOf(contract, values);
  const maps = mapsOf(contract, cells, values);
  const holdings = holdingsOf(accounts, values);
  const sequence = values.get(observedKey.sequence);
  const now = values.get(observedKey.now);
  const isComplete =
    typeof sequence === "bigint" && typeof now === "bigint" && sequence >= 0n && now >= 0n;
  if (args === undefined || scalars === undefined || maps === undefined) return undefined;
  if (holdings === undefined || !isComplete) return undefined;
  const amounts = (key: (asset: string) => string, own: boolean): Map<string, bigint> => {
    const found = new Map<string, bigint>();
    for (const asset of accounts.keys()) {
      const isOwn = contract.assets.some((one) => one.name === asset && one.isOwn);
      const value = values.get(key(asset));
      if (typeof value === "bigint" && (key === observedKey.vault || isOwn === own)) {
        found.set(asset, value);
      }
    }
    return found;
  };
  const supplies = amounts(observedKey.supply, false);
  const state: WholeState = {
    scalars,
    maps,
    vaults: amounts(observedKey.vault, true),
    supplies: amounts(observedKey.supply, true),
  };
  const signers = signersOf(question.observed.size, values);
  const call: ContractCall = {
    arguments: args,
    signers,
    sequence,
    now,
    state: stateOf(contract, state, { holdings, supplies }),
    isSignature: signatureOracle(values),
  };
  return { state, holdings, supplies, call };
}

/** Returns the state as the interpreter reads it. */
export function stateOf(
  contract: TypedContract,
  state: WholeState,
  { holdings, supplies }: Pick<Concrete, "holdings" | "supplies">,
): ContractState {
  return statePort(contract, state, {
    holding: (account, field, asset) =>
      holdings.get(account)?.get(holdingKey(field, asset?.name ?? "")) ?? 0n,
    supply: (asset) => supplies.get(asset) ?? 0n,
  });
}

/**
 * Returns the value of a type that has these parts: one for each field of a record, otherwise a
 * single one. Undefined if the parts are no value of the type.
 */
function valueOf(
  type: ValueType,
  parts: readonly (TermValue | undefined)[],
): ContractValue | undefined {
  const fields = partsOf(type).flatMap((part, at): FieldValue[] => {
    const value = fieldOf(part, parts[at]);
    return value === undefined ? [] : [value];
  });
  if (fields.length !== parts.length) return undefined;
  const value: ContractValue | undefined = type.kind === "record" ? fields : fields[0];
  return value !== undefined && isOfType(value, type) ? value : undefined;
}

function fieldOf(type: ScalarType, value: TermValue | undefined): FieldValue | undefined {
  if (value === undefined) return undefined;
  if (type.kind !== "account" && type.kind !== "digest") return value;
  return typeof value === "bigint" ? hexOf(value, 64) : undefined;
}

/** Returns a number as hexadecimal digits; undefined if it does not fit. */
function hexOf(value: bigint, digits: number): string | undefined {
  if (value < 0n) return undefined;
  const text = value.toString(16).padStart(digits, "0");
  return text.length === digits ? text : undefined;
}

/**
 * Reads the keys for which a statement is looked at: one list for each map that it binds. Undefined
 * if a key is missing or outside its type.
 */
export function boundKeysOf(
  { contract, bound }: Before,
  values: Values,
): readonly (readonly FieldValue[])[] | undefined {
  const lists = bound.map(({ map }, head) => {
    const types = contract.maps.find(({ name }) => name === map)?.keys ?? [];
    const keys = types.flatMap((type, at): FieldValue[] => {
      const key = fieldOf(type, values.get(observedKey.boundKey(head, at)));
      return key !== undefined && isOfType(key, type) ? [key] : [];
    });
    return keys.length === types.length ? keys : undefined;
  });
  const known = lists.flatMap((keys) => (keys === undefined ? [] : [keys]));
  return known.length === lists.length ? known : undefined;
}

function argumentsOf(
  parameters: readonly ContractParameter[],
  values: Values,
): ReadonlyMap<string, FieldValue> | undefined {
  const found = new Map<string, FieldValue>();
  for (const { name, type } of parameters) {
    const value = values.get(observedKey.argument(name));
    const own =
      type.kind === "signature"
        ? typeof value === "bigint"
          ? hexOf(BigInt.asUintN(512, value), 128)
          : undefined
        : fieldOf(type, value);
    if (own === undefined) return undefined;
    found.set(name, own);
  }
  return found;
}

function scalarsOf(
  contract: TypedContract,
  values: Values,
): ReadonlyMap<string, ContractValue> | undefined {
  const found = new Map<string, ContractValue>();
  for (const { name, type } of contract.scalars) {
    const parts = partsOf(type).map((_, part) => values.get(observedKey.scalar(name, part)));
    const value = valueOf(type, parts);
    if (value === undefined) return undefined;
    found.set(name, value);
  }
  return found;
}

function mapsOf(
  contract: TypedContract,
  cells: FiniteQuestion["cells"],
  values: Values,
): ReadonlyMap<string, ReadonlyMap<string, WholeCell>> | undefined {
  const maps = new Map<string, ReadonlyMap<string, WholeCell>>();
  for (const { name, keys: types, value: type } of contract.maps) {
    const found = new Map<string, WholeCell>();
    for (const [cell, { parts }] of (cells.get(name) ?? []).entries()) {
      const keys = types.flatMap((key, at): FieldValue[] => {
        const own = fieldOf(key, values.get(observedKey.cellKey(name, cell, at)));
        return own !== undefined && isOfType(own, key) ? [own] : [];
      });
      // A key that no argument can have names no cell.
      if (keys.length !== types.length) continue;
      const value = valueOf(
        type,
        parts.map((_, part) => values.get(observedKey.cellPart(name, cell, part))),
      );
      if (value === undefined) return undefined;
      if (!isDefault(value, type)) found.set(cellKey(keys), { keys, value });
    }
    maps.set(name, found);
  }
  return maps;
}

function holdingsOf(
  accounts: FiniteQuestion["accounts"],
  values: Values,
): Concrete["holdings"] | undefined {
  const found = new Map<string, Map<string, bigint>>();
  for (const [asset, list] of accounts) {
    const fields = asset === "" ? ["balance", "stake"] : [holdingKey("balance", asset)];
    for (const at of list.keys()) {
      const account = values.get(observedKey.account(asset, at));
      const id = typeof account === "bigint" ? hexOf(account, 64) : undefined;
      if (id === undefined) return undefined;
      const own = found.get(id) ?? new Map<string, bigint>();
      for (const field of fields) {
        const amount = values.get(observedKey.holding(field, at));
        if (typeof amount !== "bigint") return undefined;
        if ((own.get(field) ?? amount) !== amount) return undefined;
        own.set(field, amount);
      }
      found.set(id, own);
    }
  }
  return found;
}

function signersOf(most: number, values: Values): ReadonlySet<string> {
  const signers = new Set<string>();
  for (let at = 0; at < most; at++) {
    const person = values.get(observedKey.person(at));
    if (person === undefined) break;
    const id = typeof person === "bigint" ? hexOf(person, 64) : undefined;
    if (id === undefined || id === none) continue;
    if (values.get(observedKey.signs(at)) === true) signers.add(id);
  }
  return signers;
}

/**
 * Returns the check of signatures that a model describes. A signature is valid if the model says so
 * for the same account and signature.
 */
function signatureOracle(values: Values): ContractCall["isSignature"] {
  const valid = new Set(
    validSignatures(values).map(({ account, signature }) => `${account} ${signature}`),
  );
  return ({ account, signature }) => valid.has(`${account} ${signature}`);
}

/** Returns the signatures of messages that a model says are valid, with their accounts. */
export function validSignatures(
  values: Values,
): readonly { readonly account: string; readonly signature: string }[] {
  const valid = [];
  for (let at = 0; values.has(observedKey.message(at)); at++) {
    const key = values.get(observedKey.messagePart(at, 0));
    const signed = values.get(observedKey.messagePart(at, 1));
    if (typeof key !== "bigint" || typeof signed !== "bigint") continue;
    const account = hexOf(key, 64);
    const signature = hexOf(BigInt.asUintN(512, signed), 128);
    if (values.get(observedKey.message(at)) !== true || account === undefined) continue;
    if (signature !== undefined) valid.push({ account, signature });
  }
  return valid;
}
