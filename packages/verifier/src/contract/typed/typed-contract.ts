import type { Digest } from "@aethel/models/primitives";
import type { DeclaredAsset } from "../../language/syntax/assets.ts";
import type { Contract } from "../../language/syntax/contract.ts";
import type { Span } from "../../obligation.ts";
import type { Typed } from "./typed-expression.ts";
import type { ArgumentType, ContractValue, ScalarType, ValueType } from "./value-types.ts";

/** Contract that is well formed and typed. Nothing is proved about it yet. */
export interface TypedContract {
  readonly name: string;
  /** Syntax tree with constants replaced by their values; its print is the canonical text. */
  readonly contract: Contract;
  readonly canonical: string;
  /** SHA-256 of the canonical text in UTF-8. It identifies the contract. */
  readonly digest: Digest;
  /** Declared assets by name, in the order of names. */
  readonly assets: readonly ContractAssetType[];
  readonly scalars: readonly TypedScalar[];
  readonly maps: readonly TypedMap[];
  readonly invariants: readonly TypedRule[];
  readonly transitions: readonly TypedRule[];
  readonly exits: readonly TypedExit[];
  readonly uncovered: readonly { readonly asset: string; readonly reason: string }[];
  readonly intents: readonly TypedIntent[];
}

/** Declared asset. `isOwn` if calls of the contract issue and burn it. */
export interface ContractAssetType extends DeclaredAsset {
  readonly isOwn: boolean;
}

/** Scalar of a contract's state, with its value when the contract is published. */
export interface TypedScalar {
  readonly name: string;
  readonly type: ValueType;
  readonly initial: ContractValue;
  readonly span: Span;
}

/**
 * Map of a contract's state, with its cells when the contract is published. Cells that equal the
 * default of their type are left out.
 */
export interface TypedMap {
  readonly name: string;
  /** One or two types. */
  readonly keys: readonly ScalarType[];
  readonly value: ValueType;
  readonly initial: readonly {
    readonly keys: readonly ContractValue[];
    readonly value: ContractValue;
  }[];
  readonly promise: TypedPromise | undefined;
  readonly span: Span;
}

/** Promise of a map about its cells, declared with `claim` or `debt`. */
export interface TypedPromise {
  readonly kind: "claim" | "debt";
  /**
   * Asset with which a lowered claim can be paid; empty for the native one. Undefined if the
   * promise names no asset: then only the account's signature permits the change.
   */
  readonly asset: string | undefined;
  readonly unless: readonly string[];
  readonly span: Span;
}

/** Binders of a `for each` with the map whose cells they run over. */
export interface TypedForEach {
  readonly binders: readonly { readonly name: string; readonly type: ScalarType }[];
  readonly map: string;
}

/** Invariant or transition. */
export interface TypedRule {
  readonly name: string;
  readonly forEach: readonly TypedForEach[];
  readonly condition: Typed;
  readonly span: Span;
}

/** Exit: a payment that nobody can stop once it is due. */
export interface TypedExit {
  readonly name: string;
  readonly forEach: TypedForEach | undefined;
  readonly condition: Typed;
  /**
   * Amount that is owed, and its asset (empty for the native one). Undefined for an exit without
   * `keeping`.
   */
  readonly keeping: { readonly amount: Typed; readonly asset: string } | undefined;
  readonly after: Typed | undefined;
  readonly within: Typed | undefined;
  readonly unless: readonly string[];
  readonly via: { readonly intent: string; readonly args: readonly Typed[] };
  readonly who: "to" | "by";
  readonly beneficiary: Typed;
  readonly span: Span;
}

/** Parameter of an intent. */
export interface ContractParameter {
  readonly name: string;
  readonly type: ArgumentType;
  readonly isSigner: boolean;
  /** Whether an account may be `none`. */
  readonly isOptional: boolean;
  readonly span: Span;
}

/** Intent of a contract. */
export interface TypedIntent {
  readonly name: string;
  readonly parameters: readonly ContractParameter[];
  /** Values that are computed on the state before the call, before the guards. */
  readonly lets: readonly TypedLet[];
  readonly guard: readonly TypedClause[];
  readonly effect: readonly TypedStatement[];
  readonly verify: readonly TypedClause[];
  readonly span: Span;
}

/** Name for a value. The value is computed at this point of the block. */
export interface TypedLet {
  readonly type: "let";
  readonly name: string;
  readonly value: Typed;
  readonly span: Span;
}

/** Statement of a guard or verify block: a name for a value, or a condition. */
export type TypedClause =
  | TypedLet
  | { readonly type: "condition"; readonly condition: Typed; readonly span: Span };

/** Statement of an effect. `assert` is proved and not executed. */
export type TypedStatement =
  | TypedLet
  /** Store of `value` to a place. `x += e` and `x -= e` have become `x = x + e` and `x = x - e`. */
  | {
      readonly type: "store";
      readonly target: Place;
      readonly value: Typed;
      readonly span: Span;
    }
  | { readonly type: "assert"; readonly condition: Typed; readonly span: Span }
  | { readonly type: "emit"; readonly event: Typed; readonly span: Span };

/** Place of the state that a statement stores. `delete m[k]` stores the default of its type. */
export type Place =
  | { readonly type: "holding"; readonly account: Typed; readonly asset: string }
  | { readonly type: "supply"; readonly asset: string }
  | { readonly type: "vault"; readonly asset: string }
  /**
   * Scalar of the state. `field` is the index of one field of a scalar that is a record; undefined
   * for the whole scalar.
   */
  | { readonly type: "scalar"; readonly name: string; readonly field: number | undefined }
  /** Cell, or one field of a cell that is a record. */
  | {
      readonly type: "cell";
      readonly map: string;
      readonly keys: readonly Typed[];
      readonly field: number | undefined;
    };
