import { assertNever } from "@aethel/models/primitives";
import { datatypeOf, partsOf } from "../sorts/datatype.ts";
import type { Sort } from "../sorts/sort.ts";
import { type Datatype } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import type { FreshNames } from "./fresh-names.ts";

/**
 * Prints sorts, and their declarations before the first use.
 *
 * Every instance of a sort with parameters is a sort of its own: `(List Int)` and `(List Bool)`
 * become two datatypes without parameters. So nothing is left for Z3 to infer.
 */
export interface SortPrinter {
  readonly print: (sort: Sort) => string;
  /** The name of a constructor or field of a datatype instance. */
  readonly member: (instance: Sort, member: { readonly order: number }) => string;
}

/** A printer of sorts that writes declarations by `declare`. */
export function createSortPrinter(
  sorts: SortTable,
  names: FreshNames,
  declare: (declaration: string) => void,
): SortPrinter {
  const declared = new Set<Sort>();
  const members = new Map<string, string>();

  function print(sort: Sort): string {
    if (!declared.has(sort)) introduce(sort);
    return writeCounted(sort);
  }

  function writeCounted(sort: Sort): string {
    if (sort.type === "array") sorts.spend(sort.size);
    return write(sort);
  }

  // Sorts are bounded in size, so this recursion is bounded too.
  function write(sort: Sort): string {
    switch (sort.type) {
      case "Bool":
      case "Int":
      case "Real":
      case "RoundingMode":
      case "String":
      case "RegLan":
        return sort.type;
      case "array":
        return `(Array ${write(sort.index)} ${write(sort.element)})`;
      case "bits":
        return `(_ BitVec ${sort.width})`;
      case "float":
        return `(_ FloatingPoint ${sort.exponent} ${sort.significand})`;
      case "declared":
        return names.nameOf("s", sort, sort.symbol.name).name;
      case "parameter":
        throw new Error("invariant broken: a sort parameter outside its declaration");
      default:
        return assertNever(sort);
    }
  }

  /** Declares all that a sort is made of: what is needed first, first. */
  function introduce(root: Sort): void {
    for (const group of groupsOf(sorts, root, declared)) {
      for (const sort of group) declared.add(sort);
      const datatypes = group.flatMap((sort) => {
        const found = datatypeOf(sort);
        return found === undefined ? [] : [{ sort, datatype: found.datatype }];
      });
      for (const sort of group) {
        if (sort.type === "declared" && sort.symbol.datatype === undefined) {
          declare(`(declare-sort ${write(sort)} 0)`);
        }
      }
      if (datatypes.length > 0) declareDatatypes(datatypes);
    }
  }

  function declareDatatypes(
    datatypes: readonly { readonly sort: Sort; readonly datatype: Datatype }[],
  ): void {
    const heads = datatypes.map(({ sort }) => `(${write(sort)} 0)`).join(" ");
    const bodies = datatypes.map(({ sort, datatype }) => {
      sorts.spend(datatype.size);
      const operands = sort.type === "declared" ? sort.operands : [];
      const constructors = datatype.constructors.map((constructor) => {
        const fields = constructor.fields.map((field) => {
          const of = writeCounted(sorts.instantiate(field.sort, operands));
          return ` (${addMember("d", sort, field)} ${of})`;
        });
        return `(${addMember("c", sort, constructor)}${fields.join("")})`;
      });
      return `(${constructors.join(" ")})`;
    });
    declare(`(declare-datatypes (${heads}) (${bodies.join(" ")}))`);
  }

  function addMember(
    kind: "c" | "d",
    instance: Sort,
    member: { readonly order: number; readonly name: string },
  ): string {
    const { name } = names.nameOf(kind, {}, member.name);
    members.set(`${instance.id} ${member.order}`, name);
    return name;
  }

  return {
    print,
    member: (instance, member) => {
      if (!declared.has(instance)) introduce(instance);
      const name = members.get(`${instance.id} ${member.order}`);
      if (name === undefined) throw new Error("invariant broken: a member of no datatype");
      return name;
    },
  };
}

/**
 * Sorts that `root` is made of and that are not yet `known`, in groups: members of one group are
 * made of each other, and groups stand behind those that they need. Strongly connected components
 * (Tarjan, 1972), without recursion.
 */
function groupsOf(
  sorts: SortTable,
  root: Sort,
  known: ReadonlySet<Sort>,
): readonly (readonly Sort[])[] {
  const index = new Map<Sort, number>();
  const low = new Map<Sort, number>();
  const waiting: Sort[] = [];
  const inWaiting = new Set<Sort>();
  const groups: Sort[][] = [];
  const path: { readonly sort: Sort; readonly parts: readonly Sort[]; next: number }[] = [];

  function enter(sort: Sort): void {
    index.set(sort, index.size);
    low.set(sort, index.size - 1);
    waiting.push(sort);
    inWaiting.add(sort);
    path.push({ sort, parts: partsOf(sorts, sort), next: 0 });
  }

  function lower(sort: Sort, value: number): void {
    low.set(sort, Math.min(low.get(sort) ?? value, value));
  }

  function leave(sort: Sort): void {
    path.pop();
    const parent = path.at(-1)?.sort;
    if (parent !== undefined) lower(parent, low.get(sort) ?? 0);
    if (low.get(sort) !== index.get(sort)) return;
    const group = waiting.splice(waiting.lastIndexOf(sort));
    for (const member of group) inWaiting.delete(member);
    groups.push(group);
  }

  enter(root);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const part = top.parts[top.next++];
    if (part === undefined) leave(top.sort);
    else if (inWaiting.has(part)) lower(top.sort, index.get(part) ?? 0);
    else if (!index.has(part) && !known.has(part)) enter(part);
  }
  return groups;
}
