import type { Polynomial } from "../../../src/kernel/polynomial.ts";
import type { Literal, Problem } from "../../../src/kernel/problem.ts";
import type { Sum } from "../hostile/certificate.ts";
import { sumOf } from "../hostile/sum-arithmetic.ts";
import type { Model } from "./model.ts";
import { nodeValues } from "./node-values.ts";
import { addReals, multiplyReals, type RealNumber, realNumber, signOfReal } from "./real-number.ts";
import { keyOf, type Value } from "./value.ts";

/** Values of a problem in a model. */
export interface Assignment {
  /** By unknown. */
  readonly unknowns: readonly RealNumber[];
  /** By variable; undefined where neither the model nor propagation says. */
  readonly truths: readonly (boolean | undefined)[];
  /** Clause that is false in the model, against the kernel's invariant: a fault of the kernel. */
  readonly broken: string | undefined;
}

/**
 * The values that a model of a problem's assertions gives to its parts.
 *
 * A problem promises that each such model makes every clause true. Here the model gives a value to
 * every node, unknown, atom and bit, and gates follow by unit propagation. A clause that is false
 * then is found where it was made, and not only where a proof ends.
 */
export function assignmentOf(problem: Problem, names: readonly string[], model: Model): Assignment {
  const values = nodeValues(problem, names, model);
  const truths: (boolean | undefined)[] = [true];
  const unknowns = problem.unknowns.map(({ node }) => asNumber(values[node]));
  for (const [variable, atom] of problem.atoms.entries()) {
    if (atom === undefined) continue;
    const sign = signOfReal(valueOfPolynomial(atom.polynomial, unknowns));
    truths[variable] = atom.strict ? sign > 0 : sign >= 0;
  }
  const broken = values
    .map((value, id) => brokenNode(problem, { id, value, unknowns, truths }))
    .find((one) => one !== undefined);
  return { unknowns, truths, broken: broken ?? propagate(problem, truths) };
}

function brokenNode(
  problem: Problem,
  node: {
    readonly id: number;
    readonly value: Value;
    readonly unknowns: readonly RealNumber[];
    readonly truths: (boolean | undefined)[];
  },
): string | undefined {
  const { id, value, unknowns, truths } = node;
  const said = `node ${id} (${problem.nodes[id]?.operator}) is not what it says`;
  const polynomial = problem.polynomials[id];
  if (polynomial !== undefined && signOfReal(difference(polynomial, unknowns, value)) !== 0) {
    return said;
  }
  const assign = (literal: Literal | undefined, truth: boolean): boolean => {
    if (literal === undefined) return false;
    const wanted = literal % 2 === 0 ? truth : !truth;
    truths[literal >> 1] ??= wanted;
    return truths[literal >> 1] === wanted;
  };
  if (typeof value === "boolean") return assign(problem.literals[id], value) ? undefined : said;
  if (typeof value !== "object" || value.type !== "bits") return undefined;
  const bits = problem.bits[id] ?? [];
  const right = bits.every((literal, place) =>
    assign(literal, ((value.value >> BigInt(place)) & 1n) === 1n),
  );
  return right && bits.length === value.width ? undefined : said;
}

/** The value of a literal, if it is known. */
export function truthOf(truths: Assignment["truths"], literal: Literal): boolean | undefined {
  const truth = truths[literal >> 1];
  return truth === undefined || literal % 2 === 0 ? truth : !truth;
}

/** Distinct integers for values that are no numbers, in an order that means nothing. */
function asNumber(value: Value | undefined): RealNumber {
  if (typeof value === "bigint") return realNumber(value);
  if (typeof value === "object" && value.type === "real") return value;
  if (value === undefined) throw new Error("an unknown without a node");
  let number = 7n;
  for (const character of keyOf(value)) {
    number = number * 0x1_0000_01b3n + BigInt(character.codePointAt(0) ?? 0);
  }
  return realNumber(number % 0xffff_ffff_ffff_ffc5n);
}

/** The value of a polynomial. */
function valueOfPolynomial(polynomial: Polynomial, unknowns: readonly RealNumber[]): RealNumber {
  const sum = valueOfSum(sumOf(polynomial), unknowns);
  return multiplyReals(sum, realNumber(1n, 0n, polynomial.denominator));
}

/** The value of a sum of products of unknowns. */
export function valueOfSum(sum: Sum, unknowns: readonly RealNumber[]): RealNumber {
  let total = realNumber(0n);
  for (const { unknowns: factors, coefficient } of sum) {
    let product = realNumber(coefficient);
    for (const factor of factors) {
      const value = unknowns[factor];
      if (value === undefined) throw new Error("a monomial of no unknown");
      product = multiplyReals(product, value);
    }
    total = addReals(total, product);
  }
  return total;
}

function difference(
  polynomial: Polynomial,
  unknowns: readonly RealNumber[],
  value: Value,
): RealNumber {
  const { a, b, d } = asNumber(value);
  return addReals(valueOfPolynomial(polynomial, unknowns), realNumber(-a, -b, d));
}

function propagate(problem: Problem, truths: (boolean | undefined)[]): string | undefined {
  for (let changed = true; changed; ) {
    changed = false;
    for (const [id, clause] of problem.clauses.entries()) {
      if (clause.some((literal) => truthOf(truths, literal) === true)) continue;
      const open = clause.filter((literal) => truthOf(truths, literal) === undefined);
      const [only] = open;
      if (only === undefined) return `clause ${id} is false: ${clause.join(" ")}`;
      if (open.length > 1) continue;
      truths[only >> 1] = only % 2 === 0;
      changed = true;
    }
  }
  return undefined;
}
