import fc from "fast-check";

/** Sorts that random scripts use. */
export type TestSort = "Bool" | "Int" | "U" | "L" | "A";

/** A term whose names are numbers, so that one script can be written with any names. */
export type Expression =
  | { readonly type: "operator"; readonly head: string; readonly operands: readonly Expression[] }
  | { readonly type: "name"; readonly id: number }
  | { readonly type: "call"; readonly id: number; readonly operands: readonly Expression[] }
  | {
      readonly type: "quantifier";
      readonly head: "forall" | "exists";
      readonly variables: readonly Variable[];
      readonly body: Expression;
    }
  | {
      readonly type: "let";
      readonly bindings: readonly { readonly id: number; readonly value: Expression }[];
      readonly body: Expression;
    };

export interface Variable {
  readonly id: number;
  readonly sort: TestSort;
}

/** A function with a body. */
export interface Definition {
  readonly id: number;
  readonly parameters: readonly Variable[];
  readonly sort: TestSort;
  readonly body: Expression;
}

/** A random well-sorted script. */
export interface RandomScript {
  readonly definitions: readonly Definition[];
  readonly assertions: readonly Expression[];
  /** Names below this number are the fixed declarations. */
  readonly nameCount: number;
}

/** The declarations that every random script has, and the numbers of their names. */
export const fixed = {
  uninterpreted: 0,
  list: 1,
  parameter: 2,
  nil: 3,
  cons: 4,
  head: 5,
  tail: 6,
  constants: { Bool: 7, Int: 8, U: 9, L: 10, A: 11 },
  f: 12,
  g: 13,
  h: 14,
  count: 15,
} as const;

const sorts: readonly TestSort[] = ["Bool", "Int", "U", "L", "A"];

/** Random scripts: a stream of decisions, read by a builder that only makes well-sorted terms. */
export const scripts: fc.Arbitrary<RandomScript> = fc
  .array(fc.nat({ max: 1_000_000 }), { minLength: 100, maxLength: 800, size: "max" })
  .map(buildScript);

function buildScript(decisions: readonly number[]): RandomScript {
  let at = 0;
  let nameCount: number = fixed.count;
  const definitions: Definition[] = [];

  const decide = (count: number): number => (decisions[at++] ?? 0) % count;
  const fresh = (): number => nameCount++;
  const pick = <T>(items: readonly T[]): T => items[decide(items.length)] as T;

  const operator = (head: string, ...operands: readonly Expression[]): Expression => ({
    type: "operator",
    head,
    operands,
  });
  const call = (id: number, ...operands: readonly Expression[]): Expression => ({
    type: "call",
    id,
    operands,
  });

  function expression(sort: TestSort, scope: readonly Variable[], depth: number): Expression {
    const here = scope.filter((variable) => variable.sort === sort);
    const over = depth <= 0 || at >= decisions.length;
    if (over || decide(8) === 0) {
      const variable = here.length > 0 && decide(5) > 0 ? pick(here) : undefined;
      return { type: "name", id: variable?.id ?? fixed.constants[sort] };
    }
    const sub = (of: TestSort): Expression => expression(of, scope, depth - 1);
    const usable = definitions.filter((definition) => definition.sort === sort);
    const kind = decide(8);
    if (kind === 0 && usable.length > 0) {
      const { id, parameters } = pick(usable);
      return call(id, ...parameters.map((parameter) => sub(parameter.sort)));
    }
    if (kind === 1) {
      const bound = Array.from({ length: 1 + decide(2) }, () => ({
        id: fresh(),
        sort: decide(3) > 0 ? sort : pick(sorts),
      }));
      const bindings = bound.map(({ id, sort: of }) => ({ id, value: sub(of) }));
      const body = expression(sort, [...scope, ...bound], depth - 1);
      return { type: "let", bindings, body };
    }
    if (kind === 2) return operator("ite", sub("Bool"), sub(sort), sub(sort));
    return plain(sort, scope, depth, sub);
  }

  function plain(
    sort: TestSort,
    scope: readonly Variable[],
    depth: number,
    sub: (of: TestSort) => Expression,
  ): Expression {
    switch (sort) {
      case "Bool": {
        const kind = decide(8);
        if (kind > 5) {
          const variables = Array.from({ length: 1 + decide(2) }, () => ({
            id: fresh(),
            sort: pick(["Int", "U", "L"] as const),
          }));
          const body = expression("Bool", [...scope, ...variables], depth - 1);
          return { type: "quantifier", head: pick(["forall", "exists"]), variables, body };
        }
        if (kind < 2) {
          const of = pick(sorts);
          return operator(pick(["=", "distinct"]), sub(of), sub(of));
        }
        if (kind === 2) return operator(pick(["<", "<="]), sub("Int"), sub("Int"));
        if (kind === 3) return call(fixed.g, sub("U"), sub("Int"));
        if (kind === 4) return operator("not", sub("Bool"));
        return operator(pick(["and", "or", "=>", "xor"]), sub("Bool"), sub("Bool"));
      }
      case "Int": {
        const kind = decide(4);
        if (kind === 0) return operator(String(decide(4)));
        if (kind === 1) return operator("select", sub("A"), sub("Int"));
        if (kind === 2) return call(fixed.head, sub("L"));
        return operator(pick(["+", "-"]), sub("Int"), sub("Int"));
      }
      case "U":
        return decide(2) === 0 ? call(fixed.f, sub("Int")) : call(fixed.h, sub("U"), sub("U"));
      case "L": {
        const kind = decide(3);
        if (kind === 0) return { type: "name", id: fixed.nil };
        if (kind === 1) return call(fixed.tail, sub("L"));
        return call(fixed.cons, sub("Int"), sub("L"));
      }
      case "A":
        return operator("store", sub("A"), sub("Int"), sub("Int"));
    }
  }

  for (let count = decide(4); count > 0; count--) {
    const parameters = Array.from({ length: decide(3) }, () => ({
      id: fresh(),
      sort: pick(sorts),
    }));
    const sort = decide(2) === 0 ? "Bool" : pick(sorts);
    const body = expression(sort, parameters, 4);
    definitions.push({ id: fresh(), parameters, sort, body });
  }
  const assertions = Array.from({ length: 1 + decide(3) }, () => expression("Bool", [], 6));
  return { definitions, assertions, nameCount };
}
