import { requireDistinct, requireFree } from "../environment/environment.ts";
import type { Machine, Step } from "../environment/machine.ts";
import type { Operator, TypedTerm } from "../graph/typed-term.ts";
import { datatypeOf } from "../sorts/datatype.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { type Constructor, type Datatype } from "../sorts/sort.ts";
import { type Atom, type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { arity, asList, asSymbol, child, listAt } from "../syntax/shape.ts";
import { selectField } from "./apply-name.ts";

/**
 * Case of a `match`. Without a constructor it takes all values that no earlier case took; `names`
 * then has the name for the value, if there is one.
 */
interface Case {
  readonly constructor: Constructor | undefined;
  readonly names: readonly Atom[];
  readonly body: Node;
}

/**
 * Visits `match` (SMT-LIB 2.6, section 3.6.1). As the standard defines, it becomes a conditional on
 * testers, and the names in a pattern become selectors. The first case that fits is taken.
 *
 * @throws ScreenError `shape` if a constructor has no case.
 */
export function visitMatch(machine: Machine, list: List): void {
  arity(list, 3);
  machine.plan([machine.visit(child(list, 1)), () => visitCases(machine, list)]);
}

function visitCases(machine: Machine, list: List): void {
  const [matched] = machine.take(1);
  if (matched === undefined) throw new Error("invariant broken: nothing to match");
  const found = datatypeOf(matched.term.sort);
  if (found === undefined) {
    const sort = describeSort(matched.term.sort);
    throw new ScreenError("sort", `\`match\` expects a datatype, found ${sort}`, matched.at);
  }
  const cases = listAt(list, 2).items.map((item) => readCase(found.datatype, asList(item)));
  requireCovered(found.datatype, cases, list);
  // Each body leaves its term; the conditional is built when all are there.
  const bodies = cases.flatMap((one) => visitCase(machine, one, matched.term));
  machine.plan([...bodies, () => joinCases(machine, { cases, list, matched: matched.term })]);
}

/**
 * Requires that every constructor has a case, and that no case comes after one that takes the same
 * constructor or all values.
 */
function requireCovered(datatype: Datatype, cases: readonly Case[], list: List): void {
  const taken = new Set<Constructor | undefined>();
  for (const { constructor, body } of cases) {
    if (taken.has(undefined) || taken.has(constructor)) {
      throw new ScreenError("shape", "this case of `match` is never reached", body.at);
    }
    taken.add(constructor);
  }
  const missing = datatype.constructors.find((constructor) => !taken.has(constructor));
  if (missing !== undefined && !taken.has(undefined)) {
    throw new ScreenError("shape", `\`match\` has no case for ${missing.name}`, list.at);
  }
}

function readCase(datatype: Datatype, item: List): Case {
  arity(item, 2);
  const [pattern, body] = [child(item, 0), child(item, 1)];
  const constructorOf = (name: Atom): Constructor | undefined =>
    datatype.constructorsByName.get(name.text);
  if (pattern.type !== "list") {
    const name = asSymbol(pattern);
    const constructor = constructorOf(name);
    if (constructor === undefined) {
      return { constructor, names: name.text === "_" ? [] : [name], body };
    }
    requireFields(constructor, 0, pattern.at);
    return { constructor, names: [], body };
  }
  const [head, ...names] = pattern.items.map(asSymbol);
  const constructor = head === undefined ? undefined : constructorOf(head);
  if (constructor === undefined) {
    const message = `a pattern begins with a constructor of ${datatype.symbol.name}`;
    throw new ScreenError("shape", message, pattern.at);
  }
  requireFields(constructor, names.length, pattern.at);
  return { constructor, names, body };
}

function visitCase(
  machine: Machine,
  { constructor, names, body }: Case,
  matched: TypedTerm,
): readonly Step[] {
  const { environment, scope } = machine;
  const bound = names.filter(({ text }) => text !== "_");
  return [
    () => {
      for (const name of bound) requireFree(name, environment.limits);
      requireDistinct(bound);
      names.forEach((name, index) => {
        if (name.text === "_") return;
        const field = constructor?.fields[index];
        const term =
          field === undefined ? matched : selectField(environment, field, matched, name.at);
        scope.bind(name, { term, level: scope.level });
      });
    },
    machine.visit(body),
    () => bound.forEach(scope.unbind),
  ];
}

function joinCases(
  machine: Machine,
  {
    cases,
    list,
    matched,
  }: { readonly cases: readonly Case[]; readonly list: List; readonly matched: TypedTerm },
): void {
  const { graph, sorts } = machine.environment;
  const bodies = machine.take(cases.length);
  const last = bodies.at(-1);
  if (last === undefined) throw new ScreenError("shape", "`match` has no cases", list.at);
  const [first = last] = bodies;
  for (const { term, at } of bodies) {
    if (term.sort === first.term.sort) continue;
    const [expected, found] = [first.term.sort, term.sort].map(describeSort);
    throw new ScreenError("sort", `\`match\` expects ${expected}, found ${found}`, at);
  }
  const choose: Operator = { type: "theory", name: "ite", indices: [] };
  let result = last.term;
  for (let index = cases.length - 2; index >= 0; index--) {
    const [constructor, body] = [cases[index]?.constructor, bodies[index]];
    if (constructor === undefined || body === undefined) continue;
    const operator: Operator = { type: "test", constructor };
    const test = graph.make(operator, [matched], sorts.plain("Bool"), list.at);
    result = graph.make(choose, [test, body.term, result], result.sort, list.at);
  }
  machine.push(result, list.at);
}

function requireFields(constructor: Constructor, found: number, at: number): void {
  const expected = constructor.fields.length;
  if (expected === found) return;
  throw new ScreenError("shape", `${constructor.name} has ${expected} fields, found ${found}`, at);
}
