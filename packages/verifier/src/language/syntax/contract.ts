import type { Span } from "../../obligation.ts";
import type { Binary, Call, Choice, Constant, Leaf, Name, Parameter, Unary } from "./syntax.ts";

/** Contract `contract NAME { member ... }`. A source with a contract contains nothing else. */
export interface Contract {
  readonly type: "contract";
  readonly name: Name;
  readonly members: readonly ContractMember[];
  readonly span: Span;
}

/** Member of a contract. The members of one kind keep their order; the kinds may be mixed. */
export type ContractMember =
  | (Omit<Constant, "value"> & { readonly value: ContractExpression })
  | ContractAsset
  | RecordDeclaration
  | EnumDeclaration
  | StateBlock
  | Invariant
  | Exit
  | Uncovered
  | ContractIntent;

/**
 * Declaration `asset NAME issuer self;` or `asset NAME issuer "64 hexadecimal digits";`. An asset
 * of `self` can only be issued and burned by calls of the contract.
 */
export interface ContractAsset {
  readonly type: "asset";
  readonly name: Name;
  /** Account that issues the asset, as text of the source. Undefined for `self`. */
  readonly issuer: Name | undefined;
  readonly span: Span;
}

/** Declaration `record NAME { field: TYPE; ... }`. Types of fields are not records. */
export interface RecordDeclaration {
  readonly type: "record";
  readonly name: Name;
  readonly fields: readonly { readonly name: Name; readonly typeName: Name }[];
  readonly span: Span;
}

/** Declaration `enum NAME { a, b, ... }`. The first word is the default. */
export interface EnumDeclaration {
  readonly type: "enum";
  readonly name: Name;
  readonly words: readonly Name[];
  readonly span: Span;
}

/** Block `state { entry ... }`. A contract has at most one. */
export interface StateBlock {
  readonly type: "state";
  readonly entries: readonly StateEntry[];
  readonly span: Span;
}

export type StateEntry = ScalarEntry | MapEntry;

/** Entry `name: TYPE = expression;`. Without an initial value it is the default of its type. */
export interface ScalarEntry {
  readonly type: "scalar";
  readonly name: Name;
  readonly typeName: Name;
  readonly initial: ContractExpression | undefined;
  readonly span: Span;
}

/** Entry `name: map[KEY] TYPE;` or `name: map[KEY][KEY] TYPE;`, with a claim or debt before it. */
export interface MapEntry {
  readonly type: "map";
  readonly name: Name;
  /** One or two types of keys. */
  readonly keyTypes: readonly Name[];
  readonly typeName: Name;
  /** Cells `[k]: value` or `[k][l]: value` of the initial state. */
  readonly initial: readonly InitialCell[];
  readonly promise: MapPromise | undefined;
  readonly span: Span;
}

/** Cell of a map in the initial state. */
export interface InitialCell {
  readonly keys: readonly ContractExpression[];
  readonly value: ContractExpression;
  readonly span: Span;
}

/**
 * Promise about the cells of a `map[Account] Amount`: `claim`, `claim (balance)`, `claim
 * (balance[A])` or `debt`, each with the intents that are exempt from it (`unless f, g`).
 */
export interface MapPromise {
  readonly kind: "claim" | "debt";
  /**
   * Holdings of the cell's account that may rise instead when a claim falls. Undefined for shares
   * of the contract, which fall only if the account signs, and for `debt`.
   */
  readonly balance: HoldingsOf | undefined;
  readonly unless: readonly Name[];
  readonly span: Span;
}

/** Holdings `balance` (of the native asset) or `balance[A]`. */
export interface HoldingsOf {
  readonly asset: Name | undefined;
  readonly span: Span;
}

/**
 * Binding `for each k in map:` or `for each k, l in map:` at the head of an invariant, a transition
 * or an exit.
 */
export interface ForEach {
  readonly binders: readonly Name[];
  readonly map: Name;
  readonly span: Span;
}

/** Member `invariant NAME: [for each ...] condition;` or `transition NAME: ...`. */
export interface Invariant {
  readonly type: "invariant" | "transition";
  readonly name: Name;
  /** Bindings at the head of the rule, at most two. */
  readonly forEach: readonly ForEach[];
  readonly condition: ContractExpression;
  readonly span: Span;
}

/**
 * Member `exit NAME: [for each k in m:] condition [keeping e [in balance[A]]] [after t [within N]]
 * [unless g, h] via f(args) (to | by) b;`
 */
export interface Exit {
  readonly type: "exit";
  readonly name: Name;
  readonly forEach: ForEach | undefined;
  readonly condition: ContractExpression;
  readonly keeping:
    | { readonly amount: ContractExpression; readonly balance: HoldingsOf | undefined }
    | undefined;
  readonly after: ContractExpression | undefined;
  readonly within: ContractExpression | undefined;
  readonly unless: readonly Name[];
  readonly via: { readonly intent: Name; readonly args: readonly ContractExpression[] };
  /** Whether anybody may call (`to`), or the beneficiary must sign (`by`). */
  readonly who: "to" | "by";
  readonly beneficiary: ContractExpression;
  readonly span: Span;
}

/** Member `uncovered balance "reason";` or `uncovered balance[A] "reason";` */
export interface Uncovered {
  readonly type: "uncovered";
  readonly balance: HoldingsOf;
  readonly reason: Name;
  readonly span: Span;
}

/**
 * Intent of a contract. Its `let`s come before the blocks, and are evaluated in the state before
 * the call. `verify` may be empty.
 */
export interface ContractIntent {
  readonly type: "intent";
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly lets: readonly ContractLet[];
  readonly guard: readonly ContractClause[];
  readonly effect: readonly ContractStatement[];
  readonly verify: readonly ContractClause[];
  readonly span: Span;
}

/** Statement `let name = expression;` with a value of any type. */
export interface ContractLet {
  readonly type: "let";
  readonly name: Name;
  readonly value: ContractExpression;
  readonly span: Span;
}

/** Condition `expression;` of a guard or verify block. */
export interface ContractCondition {
  readonly type: "condition";
  readonly expression: ContractExpression;
  readonly span: Span;
}

export type ContractClause = ContractLet | ContractCondition;

export type ContractStatement =
  | ContractLet
  /** `place = value;`, `place += value;` or `place -= value;` */
  | {
      readonly type: "assignment";
      readonly target: ContractExpression;
      readonly operator: "=" | "+=" | "-=";
      readonly value: ContractExpression;
      readonly span: Span;
    }
  /** `delete map[k];` */
  | { readonly type: "delete"; readonly target: ContractExpression; readonly span: Span }
  /** `assert condition;`: it is proved, then assumed, and not executed. */
  | { readonly type: "assert"; readonly expression: ContractExpression; readonly span: Span }
  /** `emit R { ... };` with a declared record. */
  | { readonly type: "emit"; readonly event: RecordLiteral; readonly span: Span };

/** Literal `R { field: value, ... }` of a declared record. */
export interface RecordLiteral {
  readonly type: "record";
  readonly name: Name;
  readonly fields: readonly { readonly name: Name; readonly value: ContractExpression }[];
  readonly span: Span;
}

/** Expression of a contract, as written. `.` and `[` follow any value and are resolved by type. */
export type ContractExpression =
  | Leaf
  | Unary<ContractExpression>
  | Binary<ContractExpression>
  | Choice<ContractExpression>
  | Call<ContractExpression>
  | RecordLiteral
  /** Word `now`: seconds of the parent block's timestamp. */
  | { readonly type: "now"; readonly span: Span }
  /** Word `none`: the account of nobody, 32 zero bytes. */
  | { readonly type: "none"; readonly span: Span }
  /** Word `vault`: the contract's own holdings. `.balance` or `.balance[A]` must follow. */
  | { readonly type: "vault"; readonly span: Span }
  /** Literal `account "64 hexadecimal digits"` or `digest "64 hexadecimal digits"`. */
  | {
      readonly type: "bytes";
      readonly kind: "account" | "digest";
      /** 64 lower-case hexadecimal digits. */
      readonly hex: string;
      readonly span: Span;
    }
  /** `object.member` */
  | {
      readonly type: "member";
      readonly object: ContractExpression;
      readonly member: Name;
      readonly span: Span;
    }
  /** `object[key]` */
  | {
      readonly type: "index";
      readonly object: ContractExpression;
      readonly key: ContractExpression;
      readonly span: Span;
    }
  /** `key in map` or `key in map[k]` */
  | {
      readonly type: "in";
      readonly key: ContractExpression;
      readonly map: ContractExpression;
      readonly span: Span;
    }
  /** `sha256(value)`, `signed(account)` or `signed_message(account, record, signature)`. */
  | {
      readonly type: "function";
      readonly callee: "sha256" | "signed" | "signed_message";
      readonly operands: readonly ContractExpression[];
      readonly span: Span;
    }
  /**
   * Sum `sum(v in map: term)` or `sum(v at k in map: term)`. With `map[p]` in place of `map`, the
   * sum over the row with the first key `p`.
   */
  | {
      readonly type: "sum";
      /** Name for the value of each cell (`v`). */
      readonly cell: Name;
      /**
       * Names for the keys that differ between the summed cells (`k`). Empty if the sum names none.
       */
      readonly keys: readonly Name[];
      readonly map: Name;
      /** First key of the row for a sum over `map[p]`. Undefined for a sum over all cells. */
      readonly row: ContractExpression | undefined;
      readonly term: ContractExpression;
      readonly span: Span;
    };
