import { elaborateTerm } from "../elaborate/term.ts";
import {
  addFunction,
  addSort,
  type Environment,
  nextOrder,
  requireDistinct,
  requireFree,
} from "../environment/environment.ts";
import { readSort } from "../environment/read-sort.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { type Atom, type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { arity, asList, asSymbol, child, listAt, symbolAt, textOf } from "../syntax/shape.ts";

/** Reads `declare-sort`. The arity may be missing, as in old scripts, and is 0 then. */
export function declareSort(environment: Environment, command: List): void {
  if (command.items.length !== 2) arity(command, 3);
  const name = symbolAt(command, 1);
  const parameters = command.items[2] === undefined ? "0" : textOf(command.items[2]);
  if (!/^[0-9]{1,2}$/.test(parameters)) {
    throw new ScreenError("shape", "the arity of a sort must be a small numeral", command.at);
  }
  const symbol = { name: name.text, order: nextOrder(environment), arity: Number(parameters) };
  addSort(environment, name, { type: "declared", symbol });
}

/**
 * Reads `define-sort`. The name is added after its sort was read, so the sort cannot refer to
 * itself.
 */
export function defineSort(environment: Environment, command: List): void {
  arity(command, 4);
  const name = symbolAt(command, 1);
  const parameters = listAt(command, 2).items.map(asSymbol);
  for (const parameter of parameters) requireFree(parameter, environment.limits);
  requireDistinct(parameters);
  const places = new Map(parameters.map(({ text }, index) => [text, index]));
  const sort = readSort(environment, child(command, 3), places);
  addSort(environment, name, { type: "defined", arity: parameters.length, sort });
}

/** Reads `declare-const`. */
export function declareConstant(environment: Environment, command: List): void {
  arity(command, 3);
  declare(environment, symbolAt(command, 1), [], child(command, 2));
}

/** Reads `declare-fun`. */
export function declareFunction(environment: Environment, command: List): void {
  arity(command, 4);
  declare(environment, symbolAt(command, 1), listAt(command, 2).items, child(command, 3));
}

/** Reads `define-const`. */
export function defineConstant(environment: Environment, command: List): void {
  arity(command, 4);
  define(environment, symbolAt(command, 1), {
    parameters: [],
    sort: child(command, 2),
    body: child(command, 3),
  });
}

/**
 * Reads `define-fun`. The name is added after the body was read, so the function cannot be
 * recursive.
 */
export function defineFunction(environment: Environment, command: List): void {
  arity(command, 5);
  define(environment, symbolAt(command, 1), {
    parameters: listAt(command, 2).items.map(asList),
    sort: child(command, 3),
    body: child(command, 4),
  });
}

function declare(
  environment: Environment,
  name: Atom,
  domain: readonly Node[],
  result: Node,
): void {
  const symbol = {
    name: name.text,
    order: nextOrder(environment),
    domain: domain.map((sort) => readSort(environment, sort)),
    result: readSort(environment, result),
  };
  addFunction(environment, name, { type: "function", symbol });
}

function define(
  environment: Environment,
  name: Atom,
  definition: { readonly parameters: readonly List[]; readonly sort: Node; readonly body: Node },
): void {
  const parameters = definition.parameters.map((pair, index) => {
    arity(pair, 2);
    const parameter = symbolAt(pair, 0);
    requireFree(parameter, environment.limits);
    const sort = readSort(environment, child(pair, 1));
    const term = environment.graph.make({ type: "parameter", index }, [], sort, pair.at);
    return { name: parameter, term };
  });
  requireDistinct(parameters.map((parameter) => parameter.name));
  const sort = readSort(environment, definition.sort);
  const body = elaborateTerm(environment, definition.body, parameters);
  if (body.sort !== sort) {
    const [expected, found] = [sort, body.sort].map(describeSort);
    const message = `\`${name.text}\` is declared as ${expected}, its body is ${found}`;
    throw new ScreenError("sort", message, definition.body.at);
  }
  const domain = parameters.map(({ term }) => term.sort);
  addFunction(environment, name, { type: "macro", domain, body });
}
