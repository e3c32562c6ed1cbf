/**
 * Sort of a script. Sorts of one table are equal exactly if they are the same object, so typing
 * does not depend on aliases (`define-sort`) or spelling.
 */
export type Sort = SortShape & {
  readonly id: number;
  /**
   * Number of nodes when the sort is written out. It is bounded, so that walking a sort is cheap.
   */
  readonly size: number;
  /** Whether the sort contains a sort parameter. */
  readonly generic: boolean;
  /** Greatest `order` of the declared sorts in it; -1 if there are none. */
  readonly newest: number;
};

/** Kind of a sort, with its parts. */
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
  /** Parameter of a datatype or of a defined sort, by its index in the list. */
  | { readonly type: "parameter"; readonly index: number };

/** Sort of the standard's theories that has no parts and no indices. */
export type PlainSort = "Bool" | "Int" | "Real" | "RoundingMode" | "String" | "RegLan";

/** Name that `declare-sort` or a declaration of datatypes introduces. */
export interface SortSymbol {
  readonly name: string;
  /** Number in the order of declaration, unique among all symbols of the script. */
  readonly order: number;
  readonly arity: number;
  /** Datatype, set once when it is declared. Absent for an uninterpreted sort. */
  datatype?: Datatype;
}

/** Algebraic datatype as declared. The sorts of its fields name its parameters by index. */
export interface Datatype {
  readonly symbol: SortSymbol;
  readonly constructors: readonly Constructor[];
  readonly constructorsByName: ReadonlyMap<string, Constructor>;
  /** Number of constructors and fields, plus one: the work of one walk over it. */
  readonly size: number;
}

/** Constructor of a datatype. */
export interface Constructor {
  readonly name: string;
  /** Number in the order of declaration, unique among all symbols of the script. */
  readonly order: number;
  readonly datatype: SortSymbol;
  readonly fields: readonly Selector[];
}

/**
 * Field of a constructor. Applied to a value of another constructor, the selector is a function
 * whose values are fixed but unknown.
 */
export interface Selector {
  readonly name: string;
  readonly order: number;
  readonly datatype: SortSymbol;
  readonly sort: Sort;
}
