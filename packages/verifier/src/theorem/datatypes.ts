import { type Atom, type List, type Node, ScreenError } from "./s-expression.ts";
import { arity, asList, child, listAt, symbolAt, textOf } from "./shape.ts";

/** What one command declares: sorts, how many parameters each has, their constructors. */
export interface Datatypes {
  readonly sorts: readonly Atom[];
  readonly arities: readonly string[];
  readonly bodies: readonly List[];
}

/** Reads `declare-datatypes`, in the form of SMT-LIB 2.6 or the one before. */
export function datatypesOf(command: List): Datatypes {
  arity(command, 3);
  const heads = listAt(command, 1).items;
  if (heads.length === 0) return olderDatatypes(listAt(command, 2).items);
  const bodies = listAt(command, 2).items.map(asList);
  if (heads.length !== bodies.length) {
    throw new ScreenError("shape", "as many datatypes as bodies, in the form of 2.6", command.at);
  }
  const sorts = heads.map((head) => symbolAt(asList(head), 0));
  const arities = heads.map((head) => textOf(child(asList(head), 1)));
  return { sorts, arities, bodies };
}

/** The form before SMT-LIB 2.6: `() ((List nil (cons (head Int) (tail List))))`. */
function olderDatatypes(groups: readonly Node[]): Datatypes {
  const lists = groups.map(asList);
  const bodies = lists.map((group): List => {
    const items = group.items
      .slice(1)
      .map((item): Node => (item.type === "list" ? item : listOf(item)));
    return { type: "list", items, at: group.at };
  });
  return { sorts: lists.map((group) => symbolAt(group, 0)), arities: lists.map(() => "0"), bodies };
}

function listOf(item: Node): List {
  return { type: "list", items: [item], at: item.at };
}
