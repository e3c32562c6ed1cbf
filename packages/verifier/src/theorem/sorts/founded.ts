import { datatypeOf, partsOf } from "./datatype.ts";
import type { Sort } from "./sort.ts";
import { type Datatype } from "./sort.ts";
import type { SortTable } from "./sort-table.ts";

/** Reason why a datatype is not well-founded, that is, has no meaning. */
export type Unfounded =
  | { readonly type: "empty"; readonly sort: Sort }
  | { readonly type: "through-array"; readonly sort: Sort }
  | { readonly type: "endless" };

/**
 * Finds a reason why datatypes lack the meaning that SMT-LIB requires (2.6, section 4.2.3).
 *
 * - Each datatype must have a value: all fields of some constructor must have values that are built
 *   without it.
 * - No datatype may contain itself through an array. As an index no such set exists (Cantor), and a
 *   script could prove anything.
 * - The fields must contain only finitely many sorts, because each becomes a datatype of its own in
 *   the text that Z3 reads.
 *
 * @returns `undefined` if all have a meaning.
 */
export function findUnfounded(
  sorts: SortTable,
  datatypes: readonly Datatype[],
  reachableMax: number,
): Unfounded | undefined {
  const roots = datatypes.map(({ symbol }) =>
    sorts.declared(
      symbol,
      Array.from({ length: symbol.arity }, (_, index) => sorts.parameter(index)),
    ),
  );
  // Sorts without these datatypes were checked when theirs were declared.
  const oldest = datatypes.reduce((least, { symbol }) => Math.min(least, symbol.order), Infinity);
  const parts = new Map<Sort, readonly Sort[]>();
  const pending = [...roots];
  for (let sort = pending.pop(); sort !== undefined; sort = pending.pop()) {
    if (parts.has(sort)) continue;
    if (parts.size >= reachableMax) return { type: "endless" };
    const found = [...new Set(partsOf(sorts, sort))].filter(({ newest }) => newest >= oldest);
    parts.set(sort, found);
    for (const part of found) pending.push(part);
  }
  for (const sort of parts.keys()) {
    if (sort.type === "array" && reaches(sorts, parts, sort))
      return { type: "through-array", sort };
  }
  const inhabited = findInhabited(sorts, parts, oldest);
  const empty = roots.find((root) => !inhabited.has(root));
  return empty === undefined ? undefined : { type: "empty", sort: empty };
}

/** Tells whether a sort contains itself, at any depth. */
function reaches(sorts: SortTable, parts: ReadonlyMap<Sort, readonly Sort[]>, sort: Sort): boolean {
  const seen = new Set<Sort>();
  const pending = [...(parts.get(sort) ?? [])];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === sort) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const found = parts.get(next) ?? [];
    sorts.spend(1 + found.length);
    for (const part of found) pending.push(part);
  }
  return false;
}

/** Finds the sorts that have a value: the least fixed point, in rounds until nothing is added. */
function findInhabited(
  sorts: SortTable,
  parts: ReadonlyMap<Sort, readonly Sort[]>,
  oldest: number,
): ReadonlySet<Sort> {
  const inhabited = new Set<Sort>();
  const has = (sort: Sort): boolean => sort.newest < oldest || inhabited.has(sort);
  for (let before = -1; before < inhabited.size; ) {
    before = inhabited.size;
    for (const sort of parts.keys()) {
      if (!inhabited.has(sort) && hasValue(sorts, sort, has)) inhabited.add(sort);
    }
  }
  return inhabited;
}

function hasValue(sorts: SortTable, sort: Sort, has: (sort: Sort) => boolean): boolean {
  if (sort.type === "array") return has(sort.element);
  const found = datatypeOf(sort);
  if (found === undefined) return true;
  sorts.spend(found.datatype.size);
  return found.datatype.constructors.some((constructor) =>
    constructor.fields.every((field) => has(sorts.instantiate(field.sort, found.operands))),
  );
}
