import { requireDistinct, requireFree } from "../environment/environment.ts";
import type { Machine, QuantifierFrame } from "../environment/machine.ts";
import { readSort } from "../environment/read-sort.ts";
import type { Hint } from "../graph/typed-term.ts";
import type { Sort } from "../sorts/sort.ts";
import { type Atom, type List, ScreenError } from "../syntax/s-expression.ts";
import { arity, asList, child, symbolAt } from "../syntax/shape.ts";
import { requireTruth } from "./require-truth.ts";

/**
 * Visits `let`. All values are read before any of the names is bound (SMT-LIB 2.6, section 3.6.1).
 */
export function visitLet(machine: Machine, list: List): void {
  const pairs = pairsOf(list);
  const names = namesOf(machine, pairs);
  const { scope } = machine;
  machine.plan([
    ...pairs.map((pair) => machine.visit(child(pair, 1))),
    () => {
      const values = machine.take(names.length);
      names.forEach((name, index) => {
        const term = values[index]?.term;
        if (term !== undefined) scope.bind(name, { term, level: scope.level });
      });
    },
    machine.visit(child(list, 2)),
    () => names.forEach(scope.unbind),
  ]);
}

/**
 * Visits `forall` and `exists`. A variable is named by its level: the number of variables that were
 * bound before it.
 */
export function visitQuantifier(
  machine: Machine,
  list: List,
  quantifier: "forall" | "exists",
): void {
  const { environment, scope } = machine;
  const pairs = pairsOf(list);
  const names = namesOf(machine, pairs);
  const sorts = pairs.map((pair) => readSort(environment, child(pair, 1)));
  const { level } = scope;
  const { quantifierDepth } = environment.limits;
  if (level + names.length > quantifierDepth) {
    throw new ScreenError("depth", `more than ${quantifierDepth} variables in scope`, list.at);
  }
  const frame: QuantifierFrame = { patterns: [], excluded: [] };
  bindVariables(machine, names, sorts);
  scope.quantifiers.push(frame);
  machine.plan([
    machine.visit(child(list, 2)),
    () => {
      const [body] = machine.take(1);
      if (body === undefined) throw new Error("invariant broken: no body");
      requireTruth(quantifier, body);
      scope.quantifiers.pop();
      names.forEach(scope.unbind);
      scope.level = level;
      const hints = hintsOf(frame);
      const operator = { type: "quantifier", quantifier, level, sorts, hints } as const;
      machine.push(environment.graph.make(operator, [body.term], body.term.sort, list.at), list.at);
    },
  ]);
}

function bindVariables(machine: Machine, names: readonly Atom[], sorts: readonly Sort[]): void {
  const { environment, scope } = machine;
  names.forEach((name, index) => {
    const sort = sorts[index];
    if (sort === undefined) return;
    const operator = { type: "variable", level: scope.level + index } as const;
    const term = environment.graph.make(operator, [], sort, name.at);
    scope.bind(name, { term, level: scope.level + names.length });
  });
  scope.level += names.length;
}

function hintsOf({ patterns, excluded, weight }: QuantifierFrame): readonly Hint[] {
  return [
    ...patterns.map((terms): Hint => ({ type: "pattern", terms })),
    // Z3 does not take both, and patterns say more than exclusions.
    ...(patterns.length > 0 ? [] : excluded).map((term): Hint => ({ type: "no-pattern", term })),
    ...(weight === undefined ? [] : [{ type: "weight", weight } as const]),
  ];
}

function pairsOf(list: List): readonly List[] {
  const binders = list.items[1];
  if (list.items.length !== 3 || binders?.type !== "list" || binders.items.length === 0) {
    throw new ScreenError("shape", "a binder needs names and one body", list.at);
  }
  return binders.items.map((binder) => {
    const pair = asList(binder);
    arity(pair, 2);
    return pair;
  });
}

function namesOf(machine: Machine, pairs: readonly List[]): readonly Atom[] {
  const names = pairs.map((pair) => symbolAt(pair, 0));
  for (const name of names) requireFree(name, machine.environment.limits);
  requireDistinct(names);
  return names;
}
