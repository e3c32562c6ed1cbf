/**
 * A sort of a script. Sorts of one table are equal exactly when they are the same object, so
 * aliases (`define-sort`) and texts play no part in typing.
 */
export type Sort = SortShape & {
  readonly id: number;
  /** Nodes when it is written out; bounded, so that walking a sort is cheap. */
  readonly size: number;
  /** Whether a sort parameter occurs in it. */
  readonly generic: boolean;
  /** The greatest order of a declared sort that occurs in it; -1 when none does. */
  readonly newest: number;
};

/** What a sort is made of. */
export type SortShape =
  | { readonly type: PlainSort }
  | { readonly type: "array"; readonly index: Sort; readonly element: Sort }
  | { readonly type: "bits"; readonly width: number }
  | { readonly type: "float"; readonly exponent: number; readonly significand: number }
  /** A sort that the script declares, applied to as many arguments as it takes. */
  | {
      readonly type: "declared";
      readonly symbol: SortSymbol;
      readonly operands: readonly Sort[];
    }
  /** A parameter of a datatype or of a defined sort, by its place in the list. */
  | { readonly type: "parameter"; readonly index: number };

/** Sorts of the standard's theories that are not made of others. */
export type PlainSort = "Bool" | "Int" | "Real" | "RoundingMode" | "String" | "RegLan";

/** A name that `declare-sort` or `declare-datatypes` introduces. */
export interface SortSymbol {
  readonly name: string;
  /** Place among the declared sorts of the script. */
  readonly order: number;
  readonly arity: number;
  /** Set once by `declare-datatypes`; absent of an uninterpreted sort. */
  datatype?: Datatype;
}

/** An algebraic datatype as declared; sorts of fields speak of its parameters by their places. */
export interface Datatype {
  readonly symbol: SortSymbol;
  readonly constructors: readonly Constructor[];
  readonly constructorsByName: ReadonlyMap<string, Constructor>;
  /** Constructors and fields, and one: the work that walking it once is. */
  readonly size: number;
}

/** One way to build a value of a datatype. */
export interface Constructor {
  readonly name: string;
  /** Place among the functions of the script, as for every symbol of a term. */
  readonly order: number;
  readonly datatype: SortSymbol;
  readonly fields: readonly Selector[];
}

/** A field of a constructor. On values of other constructors it is a fixed, unknown function. */
export interface Selector {
  readonly name: string;
  readonly order: number;
  readonly datatype: SortSymbol;
  readonly sort: Sort;
}
