import { assert, sha256, toHex, UNITS } from "@aethel/models/primitives";
import { arithmeticUnits, calculate } from "../../language/evaluate.ts";
import type { Binary, Call } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { equalValues, fieldOf, none } from "../typed/values.ts";
import { encodeChecked, hashUnits } from "./encode-value.ts";

/** Values of locals, and everything else that an expression can read. */
export interface TypedEnvironment {
  readonly local: (name: string) => ContractValue;
  /**
   * Reads a place of the state. `span` is the expression in the source, for errors. Throws on a key
   * that is out of range.
   */
  readonly read: (place: ReadPlace, isOld: boolean, span: Span) => ContractValue;
  /**
   * Computes a sum over the cells of a map. `row` is the first key of the row; undefined for a sum
   * over all cells.
   */
  readonly sum: (sum: Extract<StateRead, { type: "sum" }>, row: FieldValue | undefined) => bigint;
  readonly sequence: () => bigint;
  readonly now: () => bigint;
  readonly isSigned: (account: string) => boolean;
  readonly isSignature: (message: {
    readonly account: string;
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly signature: string;
  }) => boolean;
  /** Tells whether an account's key must be checked before its first signature. Default: no. */
  readonly isNewKey?: (account: string) => boolean;
  /** Counts units of work before the work is done. May throw to stop the evaluation. */
  readonly spend: (units: number) => void;
}

/** Place of the state with its account or keys as values. */
export type ReadPlace =
  | {
      readonly type: "holding";
      readonly account: string;
      readonly field: "balance" | "stake";
      readonly asset: string;
    }
  | { readonly type: "supply"; readonly asset: string }
  | { readonly type: "vault"; readonly asset: string }
  | { readonly type: "scalar"; readonly name: string }
  | { readonly type: "cell"; readonly map: string; readonly keys: readonly FieldValue[] }
  | { readonly type: "has"; readonly map: string; readonly keys: readonly FieldValue[] };

/**
 * Evaluates a typed expression. Operands are evaluated from left to right; `&&`, `||`, `=>` and
 * `if` evaluate only the operands that they need. Throws `DivisionByZero`, `Fault`, and any
 * error of the environment.
 */
export function evaluateTyped(typed: Typed, environment: TypedEnvironment): ContractValue {
  environment.spend(UNITS.node);
  switch (typed.type) {
    case "literal":
      return typed.value;
    case "local":
      return environment.local(typed.name);
    case "sequence":
      return environment.sequence();
    case "now":
      return environment.now();
    case "negate":
      return -numberOf(typed.operand, environment);
    case "not":
      return !truthOf(typed.operand, environment);
    case "if":
      return evaluateTyped(
        truthOf(typed.condition, environment) ? typed.consequent : typed.alternative,
        environment,
      );
    case "call":
      return evaluateCall(typed, environment);
    case "binary":
      return evaluateBinary(typed, environment);
    case "project":
      return fieldOf(evaluateTyped(typed.record, environment), typed.at);
    case "record":
      return typed.fields.map((field) => fieldValueOf(field, environment));
    case "signed": {
      const account = textOf(typed.account, environment);
      return account !== none && environment.isSigned(account);
    }
    case "signed-message":
      return evaluateSignedMessage(typed, environment);
    case "sha256":
      return evaluateHash(typed, environment);
    default:
      return evaluateRead(typed, environment);
  }
}

/** Evaluates an expression that the checker found to be a condition. */
export function truthOf(typed: Typed, environment: TypedEnvironment): boolean {
  const value = evaluateTyped(typed, environment);
  assert(typeof value === "boolean", "a checked condition is a truth value");
  return value;
}

/** Evaluates an expression that the checker found to be a number. */
export function numberOf(typed: Typed, environment: TypedEnvironment): bigint {
  const value = evaluateTyped(typed, environment);
  assert(typeof value === "bigint", "a checked operand is a number");
  return value;
}

/** Evaluates an expression that the checker found to be an account, a digest or a signature. */
export function textOf(typed: Typed, environment: TypedEnvironment): string {
  const value = evaluateTyped(typed, environment);
  assert(typeof value === "string", "a checked account is a text");
  return value;
}

/** Evaluates an expression that the checker found not to be a record. */
export function fieldValueOf(typed: Typed, environment: TypedEnvironment): FieldValue {
  const value = evaluateTyped(typed, environment);
  assert(typeof value !== "object", "a checked field is no record");
  return value;
}

function evaluateRead(read: StateRead, environment: TypedEnvironment): ContractValue {
  switch (read.type) {
    case "holding": {
      const { type, field, asset } = read;
      const account = textOf(read.account, environment);
      return environment.read({ type, account, field, asset }, read.isOld, read.span);
    }
    case "supply":
    case "vault":
      return environment.read({ type: read.type, asset: read.asset }, read.isOld, read.span);
    case "scalar":
      return environment.read({ type: "scalar", name: read.name }, read.isOld, read.span);
    case "cell":
    case "has": {
      const keys = read.keys.map((key) => fieldValueOf(key, environment));
      return environment.read({ type: read.type, map: read.map, keys }, read.isOld, read.span);
    }
    case "sum":
      return environment.sum(
        read,
        read.row === undefined ? undefined : fieldValueOf(read.row, environment),
      );
  }
}

function evaluateCall(call: Call<Typed>, environment: TypedEnvironment): bigint {
  const [first = 0n, second = 0n] = call.operands.map((one) => numberOf(one, environment));
  if (call.callee === "abs") return first < 0n ? -first : first;
  const firstWins = call.callee === "min" ? first <= second : first >= second;
  return firstWins ? first : second;
}

function evaluateBinary(typed: Binary<Typed>, environment: TypedEnvironment): ContractValue {
  const { operator, left, right } = typed;
  switch (operator) {
    case "&&":
      return truthOf(left, environment) && truthOf(right, environment);
    case "||":
      return truthOf(left, environment) || truthOf(right, environment);
    case "=>":
      return !truthOf(left, environment) || truthOf(right, environment);
    case "==":
      return equalValues(evaluateTyped(left, environment), evaluateTyped(right, environment));
    case "!=":
      return !equalValues(evaluateTyped(left, environment), evaluateTyped(right, environment));
    default: {
      const a = numberOf(left, environment);
      const b = numberOf(right, environment);
      if (operator === "<") return a < b;
      if (operator === "<=") return a <= b;
      if (operator === ">") return a > b;
      if (operator === ">=") return a >= b;
      const units = arithmeticUnits(operator, a, b);
      if (units > 0) environment.spend(units);
      return calculate(operator, a, b, typed.span);
    }
  }
}

function evaluateHash(
  typed: Extract<Typed, { type: "sha256" }>,
  environment: TypedEnvironment,
): string {
  const value = evaluateTyped(typed.operand, environment);
  const bytes = encodeChecked(value, typed.of, typed.span);
  environment.spend(hashUnits(bytes.length));
  return toHex(sha256(bytes));
}

function evaluateSignedMessage(
  typed: Extract<Typed, { type: "signed-message" }>,
  environment: TypedEnvironment,
): boolean {
  const account = textOf(typed.account, environment);
  const record = evaluateTyped(typed.record, environment);
  const signature = textOf(typed.signature, environment);
  environment.spend(UNITS.signature);
  const bytes = encodeChecked(record, typed.of, typed.span);
  if (account === none) return false;
  if (environment.isNewKey?.(account) === true) environment.spend(UNITS.newKey);
  return environment.isSignature({ account, name: typed.of.name, bytes, signature });
}
