import type { PlainSort, Sort, SortShape, SortSymbol } from "./sort.ts";

/** Table of the sorts of one script. It makes equal sorts only once. */
export interface SortTable {
  readonly plain: (type: PlainSort) => Sort;
  readonly array: (index: Sort, element: Sort) => Sort;
  readonly bits: (width: number) => Sort;
  readonly float: (exponent: number, significand: number) => Sort;
  readonly declared: (symbol: SortSymbol, operands: readonly Sort[]) => Sort;
  readonly parameter: (index: number) => Sort;
  /** Returns the sort with its parameters replaced by arguments. */
  readonly instantiate: (sort: Sort, operands: readonly Sort[]) => Sort;
  /**
   * Counts units of work on sorts. Such work can grow faster than the length of the script, so the
   * function refuses the script when the units are used up.
   */
  readonly spend: (steps: number) => void;
}

/** Error for a sort that would be larger than the limit when it is written out. */
export class SortTooLarge extends Error {
  override readonly name = "SortTooLarge";
}

/**
 * Creates an empty table. `sizeMax` is the greatest `size` of a sort. `spend` throws if replacing
 * parameters takes too much work.
 */
export function createSortTable(sizeMax: number, spend: (steps: number) => void): SortTable {
  const known = new Map<string, Sort>();
  const instances = new Map<string, Map<Sort, Sort>>();

  function intern(key: string, shape: SortShape, parts: readonly Sort[]): Sort {
    const found = known.get(key);
    if (found !== undefined) return found;
    const size = parts.reduce((total, part) => total + part.size, 1);
    if (size > sizeMax) throw new SortTooLarge();
    const generic = shape.type === "parameter" || parts.some((part) => part.generic);
    const own = shape.type === "declared" ? shape.symbol.order : -1;
    const newest = parts.reduce((most, part) => Math.max(most, part.newest), own);
    const sort: Sort = { ...shape, id: known.size, size, generic, newest };
    known.set(key, sort);
    return sort;
  }

  const table: SortTable = {
    plain: (type) => intern(type, { type }, []),
    array: (index, element) =>
      intern(`array ${index.id} ${element.id}`, { type: "array", index, element }, [
        index,
        element,
      ]),
    bits: (width) => intern(`bits ${width}`, { type: "bits", width }, []),
    float: (exponent, significand) =>
      intern(`float ${exponent} ${significand}`, { type: "float", exponent, significand }, []),
    declared: (symbol, operands) =>
      intern(
        `declared ${symbol.order} ${operands.map((operand) => operand.id).join(" ")}`,
        { type: "declared", symbol, operands },
        operands,
      ),
    parameter: (index) => intern(`parameter ${index}`, { type: "parameter", index }, []),
    instantiate,
    spend,
  };

  // Sorts are bounded in size, so this recursion is bounded too.
  function instantiate(sort: Sort, operands: readonly Sort[]): Sort {
    if (!sort.generic) return sort;
    spend(1 + operands.length);
    const key = operands.map((operand) => operand.id).join(" ");
    const done = instances.get(key) ?? new Map<Sort, Sort>();
    instances.set(key, done);
    return replaceIn(sort, operands, done);
  }

  function replaceIn(sort: Sort, operands: readonly Sort[], done: Map<Sort, Sort>): Sort {
    if (!sort.generic) return sort;
    const found = done.get(sort);
    if (found !== undefined) return found;
    const replace = (part: Sort): Sort => replaceIn(part, operands, done);
    spend(1 + (sort.type === "declared" ? sort.operands.length : 0));
    const made = replaceParts(table, sort, { operands, replace });
    done.set(sort, made);
    return made;
  }

  return table;
}

/**
 * Returns a sort with its direct parts replaced by `replace`. A parameter is replaced by its
 * argument in `operands`.
 */
function replaceParts(
  table: SortTable,
  sort: Sort,
  { operands, replace }: { operands: readonly Sort[]; replace: (part: Sort) => Sort },
): Sort {
  switch (sort.type) {
    case "parameter":
      return operands[sort.index] ?? sort;
    case "array":
      return table.array(replace(sort.index), replace(sort.element));
    case "declared":
      return table.declared(sort.symbol, sort.operands.map(replace));
    default:
      return sort;
  }
}
