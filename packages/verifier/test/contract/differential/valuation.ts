import { sha256, toHex } from "@aethel/models/primitives";
import type { Concrete } from "../../../src/contract/counterexample/concrete.ts";
import type { ContractTerms } from "../../../src/contract/encoder/contract-terms.ts";
import { encodeValue } from "../../../src/contract/evaluate/encode-value.ts";
import { Fault } from "../../../src/contract/evaluate/fault.ts";
import type { TypedContract, TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import type {
  ContractValue,
  ExpressionType,
  FieldValue,
  RecordType,
  ScalarType,
} from "../../../src/contract/typed/value-types.ts";
import { isOfType } from "../../../src/contract/typed/values.ts";
import { evaluateWhole } from "../../../src/contract/whole-state/evaluate-rules.ts";
import { cellOf, type WholeState } from "../../../src/contract/whole-state/whole-state.ts";
import { DivisionByZero } from "../../../src/language/evaluate.ts";
import type { Valuation, Value } from "./evaluate-term.ts";
import { field } from "./random-call.ts";

/** Returns a value as it stands in terms. */
export function termValue(value: FieldValue): bigint | boolean {
  return typeof value === "string" ? BigInt(`0x${value}`) : value;
}

/** Returns the parts of a value as they stand in terms. */
export function partsOf(value: ContractValue): readonly (bigint | boolean)[] {
  return typeof value === "object" ? value.map(termValue) : [termValue(value)];
}

/** Returns a part of a term as a value of a type. Undefined if it is none. */
export function fieldValue(type: ScalarType, value: Value): FieldValue | undefined {
  if (typeof value === "function") return undefined;
  const isText = type.kind === "account" || type.kind === "digest";
  const own = isText ? hexOf(value, 64) : value;
  return own !== undefined && isOfType(own, type) ? own : undefined;
}

function hexOf(value: Value, digits: number): string | undefined {
  if (typeof value !== "bigint" || value < 0n) return undefined;
  const text = value.toString(16).padStart(digits, "0");
  return text.length === digits ? text : undefined;
}

/** Values of all symbols of a run before its call: state, arguments, signers and time. */
export function valuationOf(
  terms: ContractTerms,
  intent: TypedIntent,
  { state, holdings, supplies, call }: Concrete,
): Valuation {
  const { contract } = terms;
  const symbols = new Map<string, Value>();
  for (const [asset, amount] of supplies) symbols.set(`.supply[${asset}]`, amount);
  for (const asset of ["", ...contract.assets.map(({ name }) => name)]) {
    symbols.set(`.${field(asset)}`, heldOf(holdings, field(asset)));
    symbols.set(`.vault[${asset}]`, state.vaults.get(asset) ?? 0n);
  }
  symbols.set(".stake", heldOf(holdings, "stake"));
  for (const [name, value] of state.scalars) {
    for (const [at, part] of partsOf(value).entries()) symbols.set(`.scalar.${name}.${at}`, part);
  }
  for (const { name, value } of contract.maps) {
    const parts = value.kind === "record" ? value.fields.length : 1;
    for (let at = 0; at < parts; at++) {
      symbols.set(`.map.${name}.${at}`, arrayOf(contract, state, { map: name, at }));
    }
  }
  for (const at of terms.sums.entries.keys()) {
    // A sum that divides by zero has any value; the comparison leaves its rules out.
    symbols.set(`.sum.${at}`, valueOrNone(() => sumOf(terms, state, at)) ?? 0n);
  }
  symbols.set(".sequence", call.sequence);
  symbols.set(".now", call.now);
  symbols.set(".signers", (account) => call.signers.has(hexOf(account, 64) ?? ""));
  for (const { name } of intent.parameters) {
    symbols.set(name, termValue(call.arguments.get(name) ?? 0n));
  }
  return { symbols, apply: functionsOf(contract, call.isSignature) };
}

/** Returns the value of a function. Undefined if it divides by zero. */
export function valueOrNone(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof DivisionByZero || error instanceof Fault) return undefined;
    throw error;
  }
}

function heldOf(holdings: Concrete["holdings"], name: string): Value {
  return (account) => holdings.get(hexOf(account, 64) ?? "")?.get(name) ?? 0n;
}

function arrayOf(
  contract: TypedContract,
  state: WholeState,
  { map, at }: { readonly map: string; readonly at: number },
): Value {
  const types = contract.maps.find(({ name }) => name === map)?.keys ?? [];
  const read = (given: readonly bigint[]): Value => {
    const keys = types.flatMap((type, place) => fieldValue(type, given[place] ?? 0n) ?? []);
    const cell = cellOf(contract, state, { map, keys: keys.length < types.length ? [] : keys });
    return partsOf(cell)[at] ?? 0n;
  };
  return types.length === 1 ? (key) => read([key]) : (key) => (other) => read([key, other]);
}

/** Returns a sum over a state; for sums over rows, as a function of the row. */
export function sumOf({ contract, sums }: ContractTerms, state: WholeState, at: number): Value {
  const sum = sums.entries[at]?.sum;
  if (sum === undefined) throw new Error("no such sum");
  const total = (row: FieldValue | undefined): bigint => {
    const { row: _, ...rest } = sum;
    const span = sum.span;
    const own =
      row === undefined
        ? sum
        : { ...rest, row: { type: "local", name: "row", of: { kind: "number" }, span } as const };
    const locals = new Map<string, ContractValue>(row === undefined ? [] : [["row", row]]);
    const world = { contract, before: state, now: state };
    const value = evaluateWhole({ ...own, isOld: false }, world, locals);
    return typeof value === "bigint" ? value : 0n;
  };
  if (sum.row === undefined) return total(undefined);
  const type = contract.maps.find(({ name }) => name === sum.map)?.keys[0];
  return (key) => {
    const row = type === undefined ? undefined : fieldValue(type, key);
    return row === undefined ? 0n : total(row);
  };
}

/** Returns the real functions that stand in terms as free ones. */
function functionsOf(
  contract: TypedContract,
  isSignature: Concrete["call"]["isSignature"],
): Valuation["apply"] {
  const records = recordsOf(contract);
  return (name, operands) => {
    const [, kind = "", ...rest] = name.split(".");
    if (kind === "signed_message") {
      const record = records.get(rest[0] ?? "");
      const account = hexOf(operands[0] ?? 0n, 64);
      const signature = hexOf(operands.at(-1) ?? 0n, 128);
      const bytes = record === undefined ? undefined : bytesOf(record, operands.slice(1, -1));
      if (account === undefined || signature === undefined || bytes === undefined) return false;
      return isSignature({ account, name: rest[0] ?? "", bytes, signature });
    }
    const type: ExpressionType | undefined =
      rest[0] === "record"
        ? records.get(rest[1] ?? "")
        : { kind: rest[0] === "number" ? "number" : "digest" };
    const bytes = type === undefined ? undefined : bytesOf(type, operands);
    return bytes === undefined ? 0n : BigInt(`0x${toHex(sha256(bytes))}`);
  };
}

/** Returns the bytes of a value that is given by its parts. Undefined if it is none of its type. */
function bytesOf(type: ExpressionType, parts: readonly Value[]): Uint8Array | undefined {
  const types: readonly ScalarType[] =
    type.kind === "record"
      ? type.fields.map((one) => one.type)
      : [{ kind: type.kind === "number" ? "int" : "digest" }];
  const values = types.flatMap((one, at) => fieldValue(one, parts[at] ?? 0n) ?? []);
  if (values.length !== types.length) return undefined;
  return encodeValue(type.kind === "record" ? values : (values[0] ?? 0n), type);
}

/** Returns the records that are hashed or signed somewhere in a contract, by name. */
function recordsOf(contract: TypedContract): ReadonlyMap<string, RecordType> {
  const records = new Map<string, RecordType>();
  JSON.stringify(contract, (_key, value: unknown) => {
    if (isRecordType(value)) records.set(value.name, value);
    return typeof value === "bigint" ? Number(value) : value;
  });
  return records;
}

function isRecordType(value: unknown): value is RecordType {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "record";
}
