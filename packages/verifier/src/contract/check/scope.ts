import type { Shape } from "../../language/check/check-expression.ts";
import type { ContractExpression } from "../../language/syntax/contract.ts";
import type { DiagnosticCode } from "../../language/syntax/diagnostic.ts";
import type { Span } from "../../obligation.ts";
import type { ContractAssetType, ContractParameter } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type {
  EnumType,
  ExpressionType,
  FieldValue,
  RecordType,
  ScalarType,
  ValueType,
} from "../typed/value-types.ts";

/** Receiver of the faults of a source, each with its place. */
export type Report = (code: DiagnosticCode, span: Span, message: Message) => void;

/** Text of a diagnostic, or a function that computes it when the diagnostic is shown. */
export type Message = string | (() => string);

/** Widths and sign of a number that the checker knows; see `Shape`. */
export type Width = Pick<Shape, "bits" | "natural" | "writtenBits">;

/** Meaning of a name that a contract declares. No name has two meanings. */
export type Declared =
  | { readonly type: "constant"; readonly value: FieldValue; readonly of: LiteralType }
  | { readonly type: "asset"; readonly asset: ContractAssetType }
  | { readonly type: "record"; readonly record: RecordType }
  | { readonly type: "enum"; readonly of: EnumType }
  | { readonly type: "scalar"; readonly value: ValueType }
  | {
      readonly type: "map";
      readonly keys: readonly ScalarType[];
      readonly value: ValueType;
    }
  /** Intent with its parameters. A parameter is undefined if its type is faulty. */
  | { readonly type: "intent"; readonly parameters: readonly (ContractParameter | undefined)[] }
  | { readonly type: "rule" }
  /** Declaration with a fault that was reported. Uses of its name are not reported again. */
  | { readonly type: "faulty" };

/** Type of a literal: any but a record. */
export type LiteralType = Exclude<ExpressionType, RecordType>;

/** Local name: a parameter, `let`, key of a `for each`, or cell or key of a `sum`. */
export interface Local {
  readonly of: ExpressionType;
  readonly width: Width;
  /**
   * Widths of the fields of a record that was computed, whose numbers need not be in the ranges of
   * their types. Undefined for a record that was stored, and for any other type.
   */
  readonly fields?: readonly Width[] | undefined;
}

/** Permissions of an expression, which depend on the part of the contract that contains it. */
export interface Permissions {
  /**
   * State that may be read: none, only the contract's own, or all, including accounts and assets of
   * other issuers.
   */
  readonly state: "none" | "own" | "all";
  readonly old: boolean;
  /** Whether `sum` is permitted. Conditions with sums are proved and never executed. */
  readonly sums: boolean;
  /** Whether `signed`, `signed_message`, `now` and `sequence` are permitted. */
  readonly call: boolean;
  /** Words for this part of the contract in messages, such as "an invariant". */
  readonly place: string;
}

/** Names that an expression can use, and its permissions. */
export interface ContractScope {
  readonly declared: ReadonlyMap<string, Declared>;
  /** Local names with their types. A name with a fault that was reported is undefined. */
  readonly locals: ReadonlyMap<string, Local | undefined>;
  readonly permissions: Permissions;
  readonly report: Report;
  /**
   * Checks an operand: `checkTyped`, given here because the checks of places and operators need
   * each other.
   */
  readonly check: (
    expression: ContractExpression,
    scope: ContractScope,
    isOld?: boolean,
  ) => Checked | undefined;
}

/**
 * Typed expression with its type and width. For a faulty expression the checker returns undefined
 * instead, after a report.
 */
export interface Checked {
  readonly typed: Typed;
  readonly of: ExpressionType;
  readonly width: Width;
  /**
   * Widths of the fields of a record that was computed, whose numbers need not be in the ranges of
   * their types. Undefined for a record that was stored, and for any other type.
   */
  readonly fields?: readonly Width[] | undefined;
}

/** Permissions of each part of a contract. */
export const PLACES = {
  constant: { state: "none", old: false, sums: false, call: false, place: "a constant" },
  initial: { state: "none", old: false, sums: false, call: false, place: "an initial value" },
  guard: { state: "all", old: true, sums: false, call: true, place: "a guard" },
  effect: { state: "all", old: true, sums: false, call: true, place: "an effect" },
  verify: { state: "all", old: true, sums: true, call: true, place: "a `verify` block" },
  assertion: { state: "all", old: true, sums: true, call: true, place: "an `assert`" },
  invariant: { state: "own", old: false, sums: true, call: false, place: "an invariant" },
  transition: { state: "own", old: true, sums: true, call: true, place: "a transition" },
  exit: { state: "own", old: false, sums: false, call: false, place: "an exit" },
  term: { state: "none", old: false, sums: false, call: false, place: "the term of a sum" },
} as const satisfies Record<string, Permissions>;

/** Returns the names of all declarations of one kind, such as all maps. */
export function named(type: Declared["type"], { declared }: ContractScope): readonly string[] {
  return [...declared].flatMap(([name, one]) => (one.type === type ? [name] : []));
}

/** Returns the words for a type in a message. */
export function describeType(type: ExpressionType): string {
  switch (type.kind) {
    case "number":
      return "a number";
    case "bool":
      return "a condition";
    case "account":
      return "an account";
    case "digest":
      return "a digest";
    case "signature":
      return "a signature";
    case "enum":
    case "record":
      return `of type \`${type.name}\``;
  }
}

/** Tells whether two types are the same. Declared types are the same if their names are. */
export function isSameType(left: ExpressionType, right: ExpressionType): boolean {
  if (left.kind !== right.kind) return false;
  if (left.kind === "enum" || left.kind === "record") {
    return (right.kind === "enum" || right.kind === "record") && left.name === right.name;
  }
  return true;
}
