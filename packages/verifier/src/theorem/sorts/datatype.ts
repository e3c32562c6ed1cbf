import type { Datatype, Sort } from "./sort.ts";
import type { SortTable } from "./sort-table.ts";

/**
 * Returns the datatype of a sort, with the arguments for its parameters. Undefined if the sort is
 * no datatype.
 */
export function datatypeOf(
  sort: Sort,
): { readonly datatype: Datatype; readonly operands: readonly Sort[] } | undefined {
  if (sort.type !== "declared" || sort.symbol.datatype === undefined) return undefined;
  return { datatype: sort.symbol.datatype, operands: sort.operands };
}

/** Returns the direct parts of a sort: index and element of an array, or fields of a datatype. */
export function partsOf(sorts: SortTable, sort: Sort): readonly Sort[] {
  if (sort.type === "array") return [sort.index, sort.element];
  const found = datatypeOf(sort);
  if (found === undefined) return [];
  sorts.spend(found.datatype.size);
  return found.datatype.constructors.flatMap((constructor) =>
    constructor.fields.map((field) => sorts.instantiate(field.sort, found.operands)),
  );
}
