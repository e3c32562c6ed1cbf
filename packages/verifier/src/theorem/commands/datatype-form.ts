import { type Atom, type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { arity, asList, asSymbol, child, listAt, symbolAt, textOf } from "../syntax/shape.ts";

/** Datatype declaration as parsed, before its sorts are read. */
export interface DatatypeForm {
  readonly name: Atom;
  readonly parameters: readonly Atom[];
  readonly constructors: readonly ConstructorForm[];
}

/** Constructor and its fields. A field has the name of its selector and a sort. */
export interface ConstructorForm {
  readonly name: Atom;
  readonly fields: readonly { readonly name: Atom; readonly sort: Node }[];
}

/** Reads `declare-datatype`. */
export function readDatatype(command: List): readonly DatatypeForm[] {
  arity(command, 3);
  const body = listAt(command, 2);
  return [{ name: symbolAt(command, 1), ...readBody(body, undefined) }];
}

/** Reads `declare-datatypes`, in the form of SMT-LIB 2.6 or in the older one. */
export function readDatatypes(command: List): readonly DatatypeForm[] {
  arity(command, 3);
  const heads = listAt(command, 1).items;
  if (heads.length === 0) return listAt(command, 2).items.map((item) => readOlder(asList(item)));
  const bodies = listAt(command, 2).items.map(asList);
  if (heads.length !== bodies.length) {
    throw new ScreenError("shape", "the numbers of datatypes and of bodies differ", command.at);
  }
  return bodies.map((body, index) => {
    const head = asList(heads[index] ?? body);
    arity(head, 2);
    const parameters = textOf(child(head, 1));
    if (!/^[0-9]{1,2}$/.test(parameters)) {
      throw new ScreenError("shape", "the arity of a datatype must be a small numeral", head.at);
    }
    return { name: symbolAt(head, 0), ...readBody(body, Number(parameters)) };
  });
}

/**
 * Reads one datatype of the form before SMT-LIB 2.6, which is admitted only without parameters: `()
 * ((List nil (cons (head Int)))`.
 */
function readOlder(group: List): DatatypeForm {
  return {
    name: symbolAt(group, 0),
    parameters: [],
    constructors: group.items.slice(1).map(readConstructor),
  };
}

function readBody(body: List, expected: number | undefined): Omit<DatatypeForm, "name"> {
  const generic = body.items[0]?.type === "symbol" && textOf(body.items[0]) === "par";
  if (generic) arity(body, 3);
  const parameters = generic ? listAt(body, 1).items.map(asSymbol) : [];
  const items = generic ? listAt(body, 2).items : body.items;
  if (generic && parameters.length === 0) {
    throw new ScreenError("shape", "`par` has no parameters", body.at);
  }
  if (expected !== undefined && expected !== parameters.length) {
    const message = `a datatype of ${expected} parameters, found ${parameters.length}`;
    throw new ScreenError("shape", message, body.at);
  }
  return { parameters, constructors: items.map(readConstructor) };
}

function readConstructor(node: Node): ConstructorForm {
  if (node.type !== "list") return { name: asSymbol(node), fields: [] };
  return {
    name: symbolAt(node, 0),
    fields: node.items.slice(1).map((item) => {
      const field = asList(item);
      arity(field, 2);
      return { name: symbolAt(field, 0), sort: child(field, 1) };
    }),
  };
}
