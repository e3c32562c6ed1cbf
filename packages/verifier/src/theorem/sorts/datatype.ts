import type { Datatype, Sort } from "./sort.ts";
import type { SortTable } from "./sort-table.ts";

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
