import { spend } from "./limits.ts";
import type { Literal, Problem } from "./problem.ts";
import { addVariable, distinct, falsehood, negate, truth } from "./problem.ts";

/**
 * Returns the literal of a conjunction. Makes a gate for it if needed: a variable with clauses
 * (Tseitin, "On the complexity of derivation in propositional calculus", 1968). The clauses say
 * that the variable equals the operator applied to the inputs, so for any values of the inputs
 * exactly one value of the variable satisfies them.
 */

export function and(problem: Problem, literals: readonly Literal[]): Literal {
  spend(problem.meter, 10 + 10 * literals.length);
  const inputs = distinct(literals, truth);
  if (inputs === undefined) return falsehood;
  const [first = truth, second = truth] = inputs;
  if (inputs.length < 2) return first;
  const key = inputs.length === 2 ? gateKey(first, second, 0) : -1;
  const known = problem.gateIds.get(key);
  if (known !== undefined) return known;
  const gate = addVariable(problem);
  for (const input of inputs) problem.clauses.push([negate(gate), input]);
  problem.clauses.push([gate, ...inputs.map(negate)]);
  if (key >= 0) problem.gateIds.set(key, gate);
  return gate;
}

/** Returns the literal of a disjunction. */
export function or(problem: Problem, literals: readonly Literal[]): Literal {
  return negate(and(problem, literals.map(negate)));
}

/**
 * Returns the literal of the exclusive or of two literals. Negating an input negates the result, so
 * gates only have inputs that are not negated.
 */
export function exclusiveOr(problem: Problem, left: Literal, right: Literal): Literal {
  spend(problem.meter, 20);
  const [a, b] = [left & ~1, right & ~1];
  const odd = (left ^ right) & 1;
  if (a === b) return falsehood ^ odd;
  if (a === truth || b === truth) return negate(a ^ b ^ odd);
  const key = gateKey(a, b, 1);
  let gate = problem.gateIds.get(key);
  if (gate === undefined) {
    spend(problem.meter, 100);
    gate = addVariable(problem);
    const [off, notA, notB] = [negate(gate), negate(a), negate(b)];
    problem.clauses.push([off, a, b], [off, notA, notB], [gate, notA, b], [gate, a, notB]);
    problem.gateIds.set(key, gate);
  }
  return gate ^ odd;
}

/** Returns the literal that equals `then` if the condition is true, otherwise `otherwise`. */
export function choose(
  problem: Problem,
  condition: Literal,
  then: Literal,
  otherwise: Literal,
): Literal {
  if (then === otherwise) return then;
  const branches = [and(problem, [condition, then]), and(problem, [negate(condition), otherwise])];
  return or(problem, branches);
}

/**
 * Returns the literal of "at least two of the three literals are true", the carry of an addition.
 */
export function majority(problem: Problem, a: Literal, b: Literal, c: Literal): Literal {
  return or(problem, [and(problem, [a, b]), and(problem, [c, or(problem, [a, b])])]);
}

/**
 * Returns the key of a gate of two inputs, unique for the inputs and the kind (0 for and, 1 for
 * exclusive or), because literals are below 2^21.
 */
export function gateKey(left: Literal, right: Literal, kind: 0 | 1): number {
  return (Math.min(left, right) * 2 ** 21 + Math.max(left, right)) * 2 + kind;
}
