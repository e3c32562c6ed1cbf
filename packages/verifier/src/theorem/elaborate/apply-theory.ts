import { assertNever } from "@aethel/models/primitives";
import type { Environment } from "../environment/environment.ts";
import type { Typed } from "../environment/machine.ts";
import { requireAdmitted } from "../environment/refuse.ts";
import type { TypedTerm } from "../graph/typed-term.ts";
import { unaryNames } from "../signatures/extensions.ts";
import { createCall, type Signature } from "../signatures/signature.ts";
import type { Sort } from "../sorts/sort.ts";
import { ScreenError } from "../syntax/s-expression.ts";
import { negative, quotient } from "./literal.ts";

/** Use of a theory's operator in the script. */
export interface TheoryUse {
  readonly signature: Signature;
  /** Operator as the script writes it, for messages. */
  readonly shown: string;
  readonly indices: readonly number[];
  readonly at: number;
}

/**
 * Applies an operator of a theory. More operands than the operator takes are read as the standard
 * says: `(< a b c)` is a conjunction, and `(=> a b c)` is nested to the right.
 *
 * @throws ScreenError `sort`, `shape`, or `refused` for an operator that Z3 decides wrongly.
 */
export function applyTheory(
  environment: Environment,
  use: TheoryUse,
  operands: readonly Typed[],
): TypedTerm {
  const { signature, shown, at } = use;
  const accepted = signature.operands;
  if (accepted.includes(operands.length)) return applyOnce(environment, use, operands);
  const [only] = operands;
  if (only !== undefined && operands.length === 1 && unaryNames.has(signature.name)) {
    sortOf(environment, use, [only, only]);
    return only.term;
  }
  const most = Math.max(...accepted);
  if (signature.fold !== undefined && operands.length > most) {
    return applyFolded(environment, use, signature.fold, operands);
  }
  const takes = `${signature.fold === undefined ? "" : "at least "}${accepted.join(" or ")}`;
  throw new ScreenError("shape", `\`${shown}\` takes ${takes} terms, found ${operands.length}`, at);
}

function applyFolded(
  environment: Environment,
  use: TheoryUse,
  fold: Exclude<Signature["fold"], undefined>,
  operands: readonly Typed[],
): TypedTerm {
  const [first, ...rest] = operands;
  const last = operands.at(-1);
  if (first === undefined || last === undefined) throw new Error("unreachable: fold of nothing");
  const once = (left: Typed, right: Typed): Typed => ({
    term: applyOnce(environment, use, [left, right]),
    at: right.at,
  });
  switch (fold) {
    case "left":
      return rest.reduce(once, first).term;
    case "right":
      return operands.slice(0, -1).reduceRight((right, left) => once(left, right), last).term;
    case "chain": {
      const links = rest.map((right, index) => once(operands[index] ?? first, right).term);
      const [link] = links;
      if (link === undefined) throw new Error("unreachable: a chain without links");
      return environment.graph.make(theory("and"), links, link.sort, use.at);
    }
    case "flat":
    case "pairwise": {
      let sort = first.term.sort;
      for (const right of rest) sort = sortOf(environment, use, [first, right]);
      return makeTheory(environment, use, operands, sort);
    }
    default:
      return assertNever(fold);
  }
}

function applyOnce(
  environment: Environment,
  use: TheoryUse,
  operands: readonly Typed[],
): TypedTerm {
  const sort = sortOf(environment, use, operands);
  return foldLiterals(environment, use, operands) ?? makeTheory(environment, use, operands, sort);
}

function makeTheory(
  environment: Environment,
  { signature, indices, at, shown }: TheoryUse,
  operands: readonly Typed[],
  sort: Sort,
): TypedTerm {
  const terms = operands.map(({ term }) => term);
  if (signature.name === "to_fp" && terms.length === 3) {
    terms[2] = requireExponent(environment, terms[2], at);
  }
  requireAdmitted({ name: signature.name, shown, at }, operands);
  const [only] = terms;
  if (signature.name === "divisible" && only !== undefined) {
    return divisible(environment, only, { divisor: indices[0] ?? 1, at });
  }
  return environment.graph.make(theory(signature.name, indices), terms, sort, at);
}

function sortOf(
  environment: Environment,
  { signature, shown, indices, at }: TheoryUse,
  operands: readonly Typed[],
): Sort {
  const call = createCall({
    name: shown,
    sorts: environment.sorts,
    indices,
    operands: operands.map(({ term }) => term.sort),
    places: operands.map((operand) => operand.at),
    at,
  });
  return signature.sort(call);
}

/**
 * Folds `(- 5)` and `(/ 1.0 3.0)` to literals. SMT-LIB writes negative numbers and fractions so.
 * Undefined for any other term.
 */
function foldLiterals(
  environment: Environment,
  { signature, at }: TheoryUse,
  operands: readonly Typed[],
): TypedTerm | undefined {
  const [left, right] = operands;
  if (left === undefined) return undefined;
  if (signature.name === "-" && right === undefined) return negative(environment, left.term, at);
  if (signature.name !== "/" || right === undefined) return undefined;
  const [dividend, divisor] = [left.term.operator, right.term.operator];
  if (dividend.type !== "real" || divisor.type !== "real" || divisor.numerator === 0n) {
    return undefined;
  }
  return quotient(environment, dividend, divisor, at);
}

function theory(name: string, indices: readonly number[] = []): TypedTerm["operator"] {
  return { type: "theory", name, indices };
}

/**
 * Returns the power of two in `((_ to_fp 8 24) RNE 0.5 (- 3))` as an integer literal, even if
 * numerals are of sort Real.
 */
function requireExponent(
  { graph, sorts }: Environment,
  term: TypedTerm | undefined,
  at: number,
): TypedTerm {
  const operator = term?.operator;
  if (term !== undefined && operator?.type === "integer") return term;
  if (operator?.type !== "real" || operator.denominator !== 1n) {
    throw new ScreenError("shape", "the power of two of a float is an integer literal", at);
  }
  const value = operator.numerator;
  return graph.make({ type: "integer", value }, [], sorts.plain("Int"), at);
}

/**
 * Writes `((_ divisible 3) x)` as `(= (mod x 3) 0)`, its definition in theory Ints. Z3 does not
 * read the former.
 */
function divisible(
  { graph, sorts }: Environment,
  term: TypedTerm,
  { divisor, at }: { readonly divisor: number; readonly at: number },
): TypedTerm {
  const integer = (value: bigint): TypedTerm =>
    graph.make({ type: "integer", value }, [], sorts.plain("Int"), at);
  const rest = graph.make(theory("mod"), [term, integer(BigInt(divisor))], term.sort, at);
  return graph.make(theory("="), [rest, integer(0n)], sorts.plain("Bool"), at);
}
