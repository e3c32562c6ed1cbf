import type { Datatype, Sort } from "./sort.ts";
import type { SortTable } from "./sort-table.ts";

/**
 * Returns the datatype of a sort and the arguments of its parameters; `undefined` for any other
 * sort.
 */
export function datatypeOf(
  sort: Sort,
): { readonly datatype: Datatype; readonly operands: readonly Sort[] } | undefined {
  if (sort.type !== "declared" || sort.symbol.datatype === undefined) return undefined;
  return { datatype: sort.symbol.datatype, operands: sort.operands };
}

/** Direct parts of a sort: index and element of an array, fields of a datatype. */
export function partsOf(sorts: SortTable, sort: Sort): readonly Sort[] {
  if (sort.type === "array") return [sort.index, sort.element];
  const found = datatypeOf(sort);
  if (found === undefined) return [];
  sorts.spend(found.datatype.size);
  return found.datatype.constructors.flatMap((constructor) =>
    constructor.fields.map((field) => sorts.instantiate(field.sort, found.operands)),
  );
}
