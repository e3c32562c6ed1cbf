import { datatypeOf, partsOf } from "../sorts/datatype.ts";
import type { Datatype, Sort } from "../sorts/sort.ts";
import type { SortTable } from "../sorts/sort-table.ts";
import { writeSort } from "../sorts/write-sort.ts";
import type { FreshNames } from "./fresh-names.ts";

/**
 * Printer of sorts. It declares each sort before its first use.
 *
 * Every instance of a sort with parameters is printed as a sort of its own: `(List Int)` and `(List
 * Bool)` become two datatypes without parameters. So Z3 has nothing to infer.
 */
export interface SortPrinter {
  readonly print: (sort: Sort) => string;
  /** Returns the fresh name of a constructor or field of a datatype instance. */
  readonly member: (instance: Sort, member: { readonly order: number }) => string;
}

/** Creates a printer of sorts. It passes each declaration to `declare`. */
export function createSortPrinter(
  sorts: SortTable,
  names: FreshNames,
  declare: (declaration: string) => void,
): SortPrinter {
  const printing = { sorts, names, declare, declared: new Set<Sort>(), members: new Map() };
  return {
    print: (sort) => {
      introduce(printing, sort);
      return writeCounted(printing, sort);
    },
    member: (instance, member) => {
      introduce(printing, instance);
      const name = printing.members.get(`${instance.id} ${member.order}`);
      if (name === undefined) throw new Error("invariant broken: a member of no datatype");
      return name;
    },
  };
}

interface Printing {
  readonly sorts: SortTable;
  readonly names: FreshNames;
  readonly declare: (declaration: string) => void;
  readonly declared: Set<Sort>;
  /**
   * Fresh names of constructors and fields. The key is the id of the sort and the order of the
   * member.
   */
  readonly members: Map<string, string>;
}

/** Declares a sort if it is not declared yet. Declares first all sorts that it needs. */
function introduce(printing: Printing, root: Sort): void {
  const { sorts, names, declare, declared } = printing;
  if (declared.has(root)) return;
  for (const group of groupsOf(sorts, root, declared)) {
    for (const sort of group) declared.add(sort);
    const datatypes = group.flatMap((sort) => {
      const found = datatypeOf(sort);
      return found === undefined ? [] : [{ sort, datatype: found.datatype }];
    });
    for (const sort of group) {
      if (sort.type === "declared" && sort.symbol.datatype === undefined) {
        declare(`(declare-sort ${write(names, sort)} 0)`);
      }
    }
    if (datatypes.length > 0) declareDatatypes(printing, datatypes);
  }
}

function declareDatatypes(
  printing: Printing,
  datatypes: readonly { readonly sort: Sort; readonly datatype: Datatype }[],
): void {
  const { sorts, names, declare } = printing;
  const heads = datatypes.map(({ sort }) => `(${write(names, sort)} 0)`).join(" ");
  const bodies = datatypes.map(({ sort, datatype }) => {
    sorts.spend(datatype.size);
    const operands = sort.type === "declared" ? sort.operands : [];
    const constructors = datatype.constructors.map((constructor) => {
      const fields = constructor.fields.map((field) => {
        const of = writeCounted(printing, sorts.instantiate(field.sort, operands));
        return ` (${addMember(printing, { kind: "d", instance: sort, member: field })} ${of})`;
      });
      const name = addMember(printing, { kind: "c", instance: sort, member: constructor });
      return `(${name}${fields.join("")})`;
    });
    return `(${constructors.join(" ")})`;
  });
  declare(`(declare-datatypes (${heads}) (${bodies.join(" ")}))`);
}

function addMember(
  { names, members }: Printing,
  {
    kind,
    instance,
    member,
  }: {
    readonly kind: "c" | "d";
    readonly instance: Sort;
    readonly member: { readonly order: number; readonly name: string };
  },
): string {
  const { name } = names.nameOf(kind, {}, member.name);
  members.set(`${instance.id} ${member.order}`, name);
  return name;
}

function writeCounted({ sorts, names }: Printing, sort: Sort): string {
  if (sort.type === "array") sorts.spend(sort.size);
  return write(names, sort);
}

function write(names: FreshNames, root: Sort): string {
  return writeSort(root, {
    declared: (sort) => names.nameOf("s", sort, sort.symbol.name).name,
    parameter: () => {
      throw new Error("invariant broken: a sort parameter outside its declaration");
    },
  });
}

/**
 * Groups the sorts that `root` contains and that are not `known`. Sorts of one group contain each
 * other, and a group comes after those that it needs. The groups are strongly connected components
 * (Tarjan, 1972), found without recursion.
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
