import { describeSort } from "../sorts/describe-sort.ts";
import type { PlainSort, Sort } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import { ScreenError } from "../syntax/s-expression.ts";

/**
 * Signature of an operator of a theory: the number and sorts of its operands, and the sort of its
 * result.
 */
export interface Signature {
  readonly name: string;
  /** Number of numerals after `_`. 0 for a name without `_`. */
  readonly indices: number;
  /** Numbers of operands that `sort` accepts, without the extra operands that `fold` explains. */
  readonly operands: readonly number[];
  /**
   * Meaning of a call with more operands than `operands` lists. Absent if the standard gives none.
   */
  readonly fold?: Fold;
  /**
   * Returns the sort of the result.
   *
   * @throws ScreenError `sort` if an operand is of a sort that the operator does not take.
   */
  readonly sort: (call: Call) => Sort;
}

/**
 * Attribute of the standard (2.6, section 3.7) that gives extra operands their meaning. `left` and
 * `right`: the applications are nested. `flat`: associative, so that one term has all operands.
 * `chain`: each operand with the next. `pairwise`: each with every other.
 */
export type Fold = "left" | "flat" | "right" | "chain" | "pairwise";

/** Application of an operator, as its signature checks it. */
export interface Call {
  readonly sorts: SortTable;
  readonly indices: readonly number[];
  readonly operands: readonly Sort[];
  /** Requires that an operand is of this sort. */
  readonly expect: (index: number, sort: Sort) => void;
  /** Requires that an operand is of this plain sort, such as Int. Returns the sort. */
  readonly plain: (index: number, type: PlainSort) => Sort;
  /** Returns the width of an operand, which must be a bit vector. */
  readonly width: (index: number) => number;
  /** Returns the sort of an operand, which must be Int or Real. */
  readonly number: (index: number) => Sort;
  /** Returns the sort of an operand, which must be a float. */
  readonly float: (index: number) => Sort & { readonly type: "float" };
  /** Returns the sort of an operand, which must be an array. */
  readonly array: (index: number) => Sort & { readonly type: "array" };
  /**
   * Refuses an operand. `expected` says in words what it must be.
   *
   * @throws ScreenError `sort`.
   */
  readonly mismatch: (index: number, expected: string) => never;
  /**
   * Refuses the numerals after `_`, with a message.
   *
   * @throws ScreenError `index`.
   */
  readonly badIndex: (message: string) => never;
}

/**
 * Creates a call. `places` has the operands' offsets in the script, and `at` is the offset of the
 * whole term; messages use them.
 */
export function createCall(options: {
  readonly name: string;
  readonly sorts: SortTable;
  readonly indices: readonly number[];
  readonly operands: readonly Sort[];
  readonly places: readonly number[];
  readonly at: number;
}): Call {
  const { name, sorts, indices, operands, places, at } = options;

  function operand(index: number): Sort {
    const sort = operands[index];
    if (sort === undefined) throw new Error(`invariant broken: ${name} has no operand ${index}`);
    return sort;
  }

  function mismatch(index: number, expected: string): never {
    const message = `\`${name}\` expects ${expected}, found ${describeSort(operand(index))}`;
    throw new ScreenError("sort", message, places[index] ?? at);
  }

  function expect(index: number, sort: Sort): void {
    if (operand(index) !== sort) mismatch(index, describeSort(sort));
  }

  return {
    sorts,
    indices,
    operands,
    expect,
    mismatch,
    plain: (index, type) => {
      const sort = sorts.plain(type);
      expect(index, sort);
      return sort;
    },
    width: (index) => {
      const sort = operand(index);
      return sort.type === "bits" ? sort.width : mismatch(index, "a bit vector");
    },
    number: (index) => {
      const sort = operand(index);
      return sort.type === "Int" || sort.type === "Real" ? sort : mismatch(index, "Int or Real");
    },
    float: (index) => {
      const sort = operand(index);
      return sort.type === "float" ? sort : mismatch(index, "a floating-point number");
    },
    array: (index) => {
      const sort = operand(index);
      return sort.type === "array" ? sort : mismatch(index, "an array");
    },
    badIndex: (message) => {
      throw new ScreenError("index", `\`${name}\`: ${message}`, at);
    },
  };
}

/** Creates a signature with fixed sorts, such as `fixed("str.len", ["String"], "Int")`. */
export function fixed(
  name: string,
  domain: readonly PlainSort[],
  result: PlainSort,
  fold?: Fold,
): Signature {
  return {
    name,
    indices: 0,
    operands: [domain.length],
    ...(fold === undefined ? {} : { fold }),
    sort: (call) => {
      domain.forEach((type, index) => call.plain(index, type));
      return call.sorts.plain(result);
    },
  };
}
