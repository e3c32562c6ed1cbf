import { spend } from "./limits.ts";
import {
  addClause,
  addVariable,
  falsehood,
  type Literal,
  negate,
  type Problem,
  truth,
} from "./problem.ts";

/**
 * Boolean operators as variables (Tseitin, "On the complexity of derivation in propositional
 * calculus", 1968). A gate's variable is new and its clauses say that it equals the operator of its
 * inputs: whatever the inputs are, one value of the variable makes them true.
 */

/** The conjunction of literals. */
export function and(problem: Problem, literals: readonly Literal[]): Literal {
  spend(problem.meter, literals.length);
  const inputs = new Set<Literal>();
  for (const literal of literals) {
    if (literal === falsehood || inputs.has(negate(literal))) return falsehood;
    if (literal !== truth) inputs.add(literal);
  }
  const [first, second, third] = inputs;
  if (first === undefined) return truth;
  if (second === undefined) return first;
  const define = (): Literal => {
    const gate = addVariable(problem);
    for (const input of inputs) addClause(problem, [negate(gate), input]);
    addClause(problem, [gate, ...[...inputs].map(negate)]);
    return gate;
  };
  return third === undefined
    ? shared(problem, { kind: 0, left: first, right: second }, define)
    : define();
}

/** The disjunction of literals, by De Morgan. */
export function or(problem: Problem, literals: readonly Literal[]): Literal {
  return negate(and(problem, literals.map(negate)));
}

/** Exactly one of two literals. */
export function exclusiveOr(problem: Problem, left: Literal, right: Literal): Literal {
  if (left <= falsehood) return left === truth ? negate(right) : right;
  if (right <= falsehood) return right === truth ? negate(left) : left;
  if (left === right) return falsehood;
  if (left === negate(right)) return truth;
  // A negated input negates the result: the gate is that of the variables.
  const [a, b] = [left & ~1, right & ~1];
  const gate = shared(problem, { kind: 1, left: a, right: b }, () => {
    const output = addVariable(problem);
    addClause(problem, [negate(output), a, b]);
    addClause(problem, [negate(output), negate(a), negate(b)]);
    addClause(problem, [output, negate(a), b]);
    addClause(problem, [output, a, negate(b)]);
    return output;
  });
  return gate ^ (left & 1) ^ (right & 1);
}

/** Both literals or neither. */
export function same(problem: Problem, left: Literal, right: Literal): Literal {
  return negate(exclusiveOr(problem, left, right));
}

/** `then` if `condition`, else `otherwise`. */
export function choose(
  problem: Problem,
  condition: Literal,
  [then, otherwise]: readonly [Literal, Literal],
): Literal {
  if (condition === truth || then === otherwise) return then;
  if (condition === falsehood) return otherwise;
  return or(problem, [
    and(problem, [condition, then]),
    and(problem, [negate(condition), otherwise]),
  ]);
}

/** At least two of three literals: the carry of an addition. */
export function majority(
  problem: Problem,
  [a, b, c]: readonly [Literal, Literal, Literal],
): Literal {
  return or(problem, [and(problem, [a, b]), and(problem, [c, or(problem, [a, b])])]);
}

/** A gate of two inputs in either order, defined once. */
function shared(
  problem: Problem,
  gate: { readonly kind: 0 | 1; readonly left: Literal; readonly right: Literal },
  define: () => Literal,
): Literal {
  const [low, high] = gate.left < gate.right ? [gate.left, gate.right] : [gate.right, gate.left];
  // Literals are below 2^21, so keys are exact integers below 2^43.
  const key = (low * 2 ** 21 + high) * 2 + gate.kind;
  const known = problem.gateIds.get(key);
  if (known !== undefined) return known;
  const output = define();
  problem.gateIds.set(key, output);
  return output;
}
