/**
 * Sort of a script. Sorts of one table are equal exactly when they are the same object, so aliases
 * (`define-sort`) and texts do not matter in typing.
 */
export type Sort = SortShape & {
  readonly id: number;
  /** Nodes when it is written out; bounded, so that walking a sort is cheap. */
  readonly size: number;
  /** Whether a sort parameter occurs in it. */
  readonly generic: boolean;
  /** Greatest order of a declared sort in it; -1 when there is none. */
  readonly newest: number;
};

/** Form of a sort with its parts. */
export type SortShape =
  | { readonly type: PlainSort }
  | { readonly type: "array"; readonly index: Sort; readonly element: Sort }
  | { readonly type: "bits"; readonly width: number }
  | { readonly type: "float"; readonly exponent: number; readonly significand: number }
  /** Sort that the script declares, applied to its arguments. */
  | {
      readonly type: "declared";
      readonly symbol: SortSymbol;
      readonly operands: readonly Sort[];
    }
  /** Parameter of a datatype or of a defined sort, by its place in the list. */
  | { readonly type: "parameter"; readonly index: number };

/** Sort of the standard's theories without parts. */
export type PlainSort = "Bool" | "Int" | "Real" | "RoundingMode" | "String" | "RegLan";

/** Name that `declare-sort` or `declare-datatypes` introduces. */
export interface SortSymbol {
  readonly name: string;
  /** Place among the declared sorts of the script. */
  readonly order: number;
  readonly arity: number;
  /** Datatype, set once by `declare-datatypes`; absent for an uninterpreted sort. */
  datatype?: Datatype;
}

/** Algebraic datatype as declared; sorts of fields name its parameters by their places. */
export interface Datatype {
  readonly symbol: SortSymbol;
  readonly constructors: readonly Constructor[];
  readonly constructorsByName: ReadonlyMap<string, Constructor>;
  /** Number of constructors and fields, plus one: the work of walking it once. */
  readonly size: number;
}

/** Constructor of a datatype's values. */
export interface Constructor {
  readonly name: string;
  /** Place among the functions of the script, as of every symbol of a term. */
  readonly order: number;
  readonly datatype: SortSymbol;
  readonly fields: readonly Selector[];
}

/** Field of a constructor. On values of other constructors it is a fixed, unknown function. */
export interface Selector {
  readonly name: string;
  readonly order: number;
  readonly datatype: SortSymbol;
  readonly sort: Sort;
}
