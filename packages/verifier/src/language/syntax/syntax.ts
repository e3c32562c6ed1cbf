import type { Span } from "../../obligation.ts";

/** Declaration `const NAME = expression;` */
export interface Constant {
  readonly type: "constant";
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

/**
 * Declaration `asset NAME issuer "64 hexadecimal digits";`. Name and issuer together identify the
 * asset.
 */
export interface AssetDeclaration {
  readonly type: "asset";
  readonly name: Name;
  /** Account that must sign each change of the supply, as text of the source. */
  readonly issuer: Name;
  readonly span: Span;
}

/** Batch `atomic_batch NAME { intent ... }` */
export interface Batch {
  readonly type: "batch";
  readonly name: Name;
  readonly intents: readonly Intent[];
  readonly span: Span;
}

/**
 * Program. Its guards say when it may run, its effects what it does, and its verify clauses what it
 * claims.
 */
export interface Intent {
  readonly type: "intent";
  /** Change of an asset's supply that the intent declares: none (`fixed`), `issue` or `burn`. */
  readonly supply: "fixed" | "issue" | "burn";
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly guard: readonly Clause[];
  readonly effect: readonly EffectStatement[];
  readonly solve: readonly Hint[];
  readonly verify: readonly Clause[];
  readonly span: Span;
}

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** Parameter, with modifiers before its name, such as `signer from: Account`. */
export interface Parameter {
  readonly name: Name;
  /** Name of the type as written. The checker supports `Account`, `Amount`, `Int` and `Bool`. */
  readonly typeName: Name;
  readonly modifiers: readonly Modifier[];
  readonly span: Span;
}

export interface Modifier {
  readonly kind: ModifierKind;
  readonly span: Span;
}

/** Modifier before the name of a parameter. `optional` is permitted only in contracts. */
export type ModifierKind = "signer" | "external" | "secret" | "optional";

/** Statement of a guard or verify block. */
export type Clause = Let | Condition;

export interface Condition {
  readonly type: "condition";
  /** Whether the older form `secret condition;` was used. */
  readonly secret: boolean;
  readonly expression: Expression;
  readonly span: Span;
}

/**
 * Statement `let name = expression;`. The value is computed there, and the name can be used in all
 * that follows.
 */
export interface Let {
  readonly type: "let";
  readonly name: Name;
  readonly value: Expression;
  readonly span: Span;
}

export type EffectStatement = Let | Assignment;

/**
 * Statement `account.field op expression;` or, in `issue` and `burn` intents, `supply[asset] op
 * expression;`
 */
export interface Assignment {
  readonly type: "assignment";
  readonly target: Field | SupplyOf;
  readonly operator: "=" | "+=" | "-=";
  readonly value: Expression;
  readonly span: Span;
}

/**
 * Statement `key: value;` of a solve block. It is metadata that this package does not interpret.
 */
export interface Hint {
  readonly key: Name;
  readonly value: { readonly type: "word" | "number" | "text"; readonly text: string };
  readonly span: Span;
}

export interface Field {
  readonly type: "field";
  readonly account: Name;
  readonly field: Name;
  /** Asset of `account.balance[asset]`. Absent for a native field. */
  readonly asset?: Name;
  readonly span: Span;
}

/** Expression `supply[asset]`: the amount of a declared asset that exists. */
export interface SupplyOf {
  readonly type: "supply";
  readonly asset: Name;
  readonly span: Span;
}

export type BinaryOperator = ArithmeticOperator | CompareOperator | "&&" | "||" | "=>";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=";

/** Expression without operands that intents and contracts share. */
export type Leaf =
  | { readonly type: "integer"; readonly value: bigint; readonly span: Span }
  | { readonly type: "decimal"; readonly text: string; readonly span: Span }
  | { readonly type: "boolean"; readonly value: boolean; readonly span: Span }
  /** Name of a parameter, a `let` or a constant; in a contract also of an entry of its state. */
  | { readonly type: "name"; readonly name: string; readonly span: Span }
  /** Height of the block that executes the intent. */
  | { readonly type: "sequence"; readonly span: Span };

/**
 * Prefix form: `-e`, `!e`, or `old(e)`, the value of `e` in the state before the first effect. `E`
 * is the type of the operand: intents and contracts have different expressions.
 */
export interface Unary<E> {
  readonly type: "old" | "negate" | "not";
  readonly operand: E;
  readonly span: Span;
}

export interface Binary<E> {
  readonly type: "binary";
  readonly operator: BinaryOperator;
  readonly left: E;
  readonly right: E;
  readonly span: Span;
}

/** Expression `if condition then consequent else alternative`. */
export interface Choice<E> {
  readonly type: "if";
  readonly condition: E;
  readonly consequent: E;
  readonly alternative: E;
  readonly span: Span;
}

/** Function of numbers: `min(a, b)`, `max(a, b)` or `abs(a)`. */
export interface Call<E> {
  readonly type: "call";
  readonly callee: "min" | "max" | "abs";
  readonly operands: readonly E[];
  readonly span: Span;
}

/** Expression of an intent that is not part of a contract. */
export type Expression =
  | Leaf
  | Unary<Expression>
  | Binary<Expression>
  | Choice<Expression>
  | Call<Expression>
  | Field
  | SupplyOf;
