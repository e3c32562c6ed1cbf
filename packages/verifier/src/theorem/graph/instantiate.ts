import type { TermGraph } from "./term-graph.ts";
import { childrenOf, type Hint, type Operator, type TypedTerm } from "./typed-term.ts";

/** Move of a term to another place in the script, where other bound variables may be in scope. */
export interface Move {
  /** Number of variables in scope where the term was made. They may be free in the term. */
  readonly from: number;
  /** Number of variables in scope at the new place. */
  readonly to: number;
  /**
   * Terms for the parameters of a defined function, made at the new place. Absent if the term has
   * no parameters to replace.
   */
  readonly operands?: readonly TypedTerm[];
  /** Offset, in the script, of the text that needs the term, for messages. */
  readonly at: number;
}

/** Moves a term to another place. Remembers the results, so the same move is not computed again. */
export type Instantiate = (term: TypedTerm, move: Move) => TypedTerm;

interface Visit {
  readonly term: TypedTerm;
  /** Number of variables bound between the root and this term. */
  readonly inside: number;
}

/**
 * Creates the function that expands definitions. It replaces parameters, and renumbers the
 * variables that the term binds as if the term had been written at its new place. So a formula
 * gives the same term whether it is written out, named by `let`, or defined as a function.
 */
export function createInstantiate(graph: TermGraph): Instantiate {
  const moved = new Map<string, Map<string, TypedTerm>>();

  return function instantiate(root, move) {
    const { from, to, operands, at } = move;
    const names = operands?.map((operand) => operand.id).join(" ") ?? "";
    const context = `${from} ${to} ${names}`;
    const done = moved.get(context) ?? new Map<string, TypedTerm>();
    moved.set(context, done);

    const stays = (term: TypedTerm): boolean =>
      !(term.parametric && operands !== undefined) &&
      (from === to || (!term.binds && term.open <= from));
    const keyOf = ({ term, inside }: Visit): string =>
      term.parametric && operands !== undefined ? `${term.id} ${inside}` : `${term.id}`;
    const read = (visit: Visit): TypedTerm | undefined =>
      stays(visit.term) ? visit.term : done.get(keyOf(visit));

    const stack: Visit[] = [{ term: root, inside: 0 }];
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      if (read(visit) !== undefined) {
        stack.pop();
        continue;
      }
      const { term } = visit;
      const inside = visit.inside + boundBy(term.operator);
      const children = childrenOf(term);
      graph.spend(1 + children.length + widthOf(term.operator), at);
      const missing = children
        .map((child) => ({ term: child, inside }))
        .filter((child) => read(child) === undefined);
      if (missing.length > 0) {
        for (const child of missing) stack.push(child);
        continue;
      }
      stack.pop();
      done.set(keyOf(visit), rebuild(visit, inside));
    }
    return read({ term: root, inside: 0 }) ?? root;

    function rebuild({ term, inside: outside }: Visit, inside: number): TypedTerm {
      const { operator, sort } = term;
      const child = (one: TypedTerm): TypedTerm => read({ term: one, inside }) ?? one;
      if (operator.type === "parameter") {
        const operand = operands?.[operator.index] ?? term;
        return instantiate(operand, { from: to, to: to + outside, at });
      }
      const children = term.operands.map(child);
      return graph.make(shifted(operator, to - from, child), children, sort, at);
    }
  };
}

function boundBy(operator: Operator): number {
  return operator.type === "quantifier" ? operator.sorts.length : 0;
}

/**
 * Returns the number of an operator's parts other than operands: a quantifier's sorts and hints.
 */
function widthOf(operator: Operator): number {
  return operator.type === "quantifier" ? operator.sorts.length + operator.hints.length : 0;
}

/**
 * Renumbers the variables that a moved term binds itself. Must not be called with a free variable,
 * whose number does not change.
 */
function shifted(operator: Operator, by: number, child: (term: TypedTerm) => TypedTerm): Operator {
  if (operator.type === "variable") return { ...operator, level: operator.level + by };
  if (operator.type !== "quantifier") return operator;
  const hints = operator.hints.map((hint): Hint => {
    if (hint.type === "pattern") return { ...hint, terms: hint.terms.map(child) };
    return hint.type === "no-pattern" ? { ...hint, term: child(hint.term) } : hint;
  });
  return { ...operator, level: operator.level + by, hints };
}
