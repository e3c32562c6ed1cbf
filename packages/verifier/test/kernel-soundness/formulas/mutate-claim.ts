import type { Term } from "../../../src/term.ts";
import { operandsOf } from "../oracle/evaluate.ts";
import type { Random } from "../oracle/random.ts";
import * as t from "./build.ts";

/** The claim with one change somewhere: an operator, a constant, an operand, a premise. */
export function mutateClaim(claim: t.Claim, random: Random): t.Claim {
  const { assumptions, goal } = claim;
  if (assumptions.length > 0 && random.percent(25)) {
    const dropped = random.below(assumptions.length);
    return { assumptions: assumptions.filter((_, at) => at !== dropped), goal };
  }
  for (let tries = 0; tries < 20; tries++) {
    const at = random.below(assumptions.length + 1);
    const root = assumptions[at] ?? goal;
    const nodes = nodesOf(root);
    const place = random.pick(nodes);
    const changed = change(place, nodes, random);
    if (changed === undefined) continue;
    const term = replace(root, place, changed);
    if (at === assumptions.length) return { assumptions, goal: term };
    return { assumptions: assumptions.with(at, term), goal };
  }
  return { assumptions, goal: t.not(goal) };
}

/** All terms in a term, each once. */
export function nodesOf(root: Term): readonly Term[] {
  const found = new Set<Term>([root]);
  for (const term of found) for (const one of operandsOf(term)) found.add(one);
  return [...found];
}

/** A term like another, of the same sort, with another meaning. */
function change(term: Term, nodes: readonly Term[], random: Random): Term | undefined {
  switch (term.type) {
    case "integer":
      return t.int(term.value + random.pick([-1n, 1n, 2n]));
    case "boolean":
      return term.value ? t.no : t.yes;
    case "rational":
      return t.rational(term.numerator + random.pick([-1n, 1n]), term.denominator);
    case "bits":
      return t.bitsOf(term.width, term.value + 1n);
    case "symbol": {
      const alike = nodes.filter(
        (one) => one.type === "symbol" && sameSort(one, term) && one.name !== term.name,
      );
      return alike.length === 0 ? undefined : random.pick(alike);
    }
    case "compare":
      return changeComparison(term, random);
    case "equal":
      return random.percent(50) ? t.not(term) : undefined;
    case "not":
      return term.operand;
    case "and":
    case "or":
      return changeConnective(term, random);
    case "implies":
      return random.percent(50) ? t.implies(term.right, term.left) : term.right;
    case "if":
      return random.pick([t.ifElse(t.not(term.condition), term.then, term.else), term.then]);
    case "arithmetic":
      return changeArithmetic(term, random);
    case "store":
      return term.array;
    case "compare-bits":
      return random.percent(50)
        ? { ...term, left: term.right, right: term.left }
        : { ...term, operator: term.operator === "signed-less" ? "unsigned-less" : "signed-less" };
    case "bit-operation":
      return changeBits(term, random);
    case "extract":
    case "select":
    case "apply":
    case "to-real":
    case "floor":
    case "constant-array":
      return undefined;
  }
}

type Of<T extends Term["type"]> = Extract<Term, { type: T }>;

function sameSort(left: Of<"symbol">, right: Of<"symbol">): boolean {
  return JSON.stringify(left.sort) === JSON.stringify(right.sort);
}

function changeComparison(term: Of<"compare">, random: Random): Term {
  if (random.percent(30)) return { ...term, left: term.right, right: term.left };
  return term.operator === "less" ? t.atMost(term.left, term.right) : t.less(term.left, term.right);
}

function changeConnective(term: Of<"and" | "or">, random: Random): Term {
  if (term.operands.length < 2 || random.percent(50)) {
    return term.type === "and" ? t.or(...term.operands) : t.and(...term.operands);
  }
  const dropped = random.below(term.operands.length);
  return { ...term, operands: term.operands.filter((_, at) => at !== dropped) };
}

function changeArithmetic(term: Of<"arithmetic">, random: Random): Term | undefined {
  const [left, right] = term.operands;
  if (left === undefined || right === undefined) return undefined;
  switch (term.operator) {
    case "add":
      return random.percent(50) ? t.minus(left, right) : left;
    case "subtract":
      return random.percent(50) ? t.minus(right, left) : t.add(left, right);
    case "multiply":
      return random.percent(50) ? t.add(...term.operands) : left;
    case "divide":
      return t.arithmetic("modulo", left, right);
    case "modulo":
      return t.arithmetic("divide", left, right);
    case "quotient":
      return t.arithmetic("quotient", right, left);
  }
}

function changeBits(term: Of<"bit-operation">, random: Random): Term | undefined {
  if (term.operator === "complement") return term.operands[0];
  if (term.operator === "concatenate") {
    const [left, right] = term.operands;
    return left === undefined || right === undefined
      ? undefined
      : { ...term, operands: [right, left] };
  }
  const others = ["and", "or", "exclusive-or", "add", "multiply", "divide", "remainder"] as const;
  const shifts = ["shift-left", "shift-right", "shift-right-arithmetic"] as const;
  const operator = random.pick([...others, ...shifts].filter((one) => one !== term.operator));
  return { ...term, operator };
}

/** The term with one of its parts exchanged, wherever that stands; the rest stays shared. */
export function replace(root: Term, place: Term, by: Term): Term {
  const made = new Map<Term, Term>([[place, by]]);
  const stack: Term[] = [root];
  for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
    const waiting = made.has(term) ? [] : operandsOf(term).filter((one) => !made.has(one));
    if (waiting.length > 0) {
      for (const one of waiting) stack.push(one);
      continue;
    }
    stack.pop();
    if (!made.has(term)) made.set(term, withOperands(term, made));
  }
  return made.get(root) ?? root;
}

function withOperands(term: Term, made: ReadonlyMap<Term, Term>): Term {
  const of = (one: Term): Term => made.get(one) ?? one;
  if (operandsOf(term).every((one) => of(one) === one)) return term;
  switch (term.type) {
    case "apply":
    case "arithmetic":
    case "and":
    case "or":
    case "bit-operation":
      return { ...term, operands: term.operands.map(of) };
    case "to-real":
    case "floor":
    case "not":
    case "extract":
      return { ...term, operand: of(term.operand) };
    case "compare":
    case "equal":
    case "implies":
    case "compare-bits":
      return { ...term, left: of(term.left), right: of(term.right) };
    case "if":
      return t.ifElse(of(term.condition), of(term.then), of(term.else));
    case "select":
      return t.select(of(term.array), of(term.index));
    case "store":
      return t.store(of(term.array), of(term.index), of(term.value));
    case "constant-array":
      return { ...term, value: of(term.value) };
    case "integer":
    case "boolean":
    case "rational":
    case "bits":
    case "symbol":
      return term;
  }
}
