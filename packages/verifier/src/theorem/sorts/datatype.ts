import type { Sort, SortSymbol, SortTable } from "./sort.ts";

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

/** The datatype of a sort and what its parameters stand for; `undefined` of any other sort. */
export function datatypeOf(
  sort: Sort,
): { readonly datatype: Datatype; readonly operands: readonly Sort[] } | undefined {
  if (sort.type !== "declared" || sort.symbol.datatype === undefined) return undefined;
  return { datatype: sort.symbol.datatype, operands: sort.operands };
}

/** Sorts that a sort is directly made of: components of an array, fields of a datatype. */
export function partsOf(sorts: SortTable, sort: Sort): readonly Sort[] {
  if (sort.type === "array") return [sort.index, sort.element];
  const found = datatypeOf(sort);
  if (found === undefined) return [];
  sorts.spend(found.datatype.size);
  return found.datatype.constructors.flatMap((constructor) =>
    constructor.fields.map((field) => sorts.instantiate(field.sort, found.operands)),
  );
}
