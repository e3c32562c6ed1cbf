import { childrenOf, type TypedTerm } from "../graph/typed-term.ts";
import { ScreenError } from "../syntax/s-expression.ts";
import { gatesOf } from "./circuit.ts";
import { type Definitions, findDefinitions } from "./definitions.ts";
import { plainSize, type Size, sizeOf, wordsOf } from "./size.ts";

/** Bounds on one term, and on all terms of a script together. */
export interface GrowthLimits {
  readonly bitWidth: number;
  readonly words: number;
  readonly degree: number;
  readonly monomials: number;
  /** Operands of one `distinct`. */
  readonly distinct: number;
  /** Pairs of operands of all of them together. */
  readonly pairs: number;
  /** Gates of all circuits together. */
  readonly gates: number;
  /** Squares of the words of long numerals, together: bignum work is quadratic. */
  readonly numerals: number;
}

/** Largest sizes met, for those who set the limits. */
export type Measurements = { -readonly [Name in keyof GrowthLimits]: number };

/**
 * Requires that no term grows beyond the limits while it is simplified: work that Z3 does not
 * count. Constants that an equation defines are measured as if it were written in their place.
 *
 * @throws ScreenError `growth`, at the first place where the term stands.
 */
export function requireBounded(
  assertions: readonly TypedTerm[],
  limits: GrowthLimits,
): Measurements {
  const definitions = findDefinitions(assertions);
  const sizes = new Map<TypedTerm, Size>();
  const found: Measurements = {
    bitWidth: 0,
    words: 0,
    degree: 0,
    monomials: 0,
    distinct: 0,
    pairs: 0,
    gates: 0,
    numerals: 0,
  };

  function record(name: keyof GrowthLimits, value: number, term: TypedTerm): void {
    found[name] = Math.max(found[name], value);
    if (value > limits[name]) throw new ScreenError("growth", describe[name](value), term.at);
  }

  function measure(term: TypedTerm, parts: readonly TypedTerm[]): void {
    const { operator, operands, sort } = term;
    // A part without a size is one that is being measured: a constant defined by itself.
    const size =
      operator.type === "function" && operands.length === 0 && parts.length > 0
        ? (sizes.get(parts[0] ?? term) ?? plainSize)
        : sizeOf(
            term,
            operands.map((operand) => sizes.get(operand) ?? plainSize),
          );
    sizes.set(term, size);
    if (sort.type === "bits") record("bitWidth", sort.width, term);
    record("words", size.words, term);
    record("degree", size.degree, term);
    // A sum is as long as it is written; only products multiply.
    if (operator.type === "theory" && operator.name === "*") {
      record("monomials", size.monomials, term);
    }
    record("gates", found.gates + gatesOf(term), term);
    if (operator.type === "theory" && operator.name === "distinct") {
      const count = operands.length;
      record("distinct", count, term);
      record("pairs", found.pairs + (count * (count - 1)) / 2, term);
    }
    if (operator.type === "integer")
      record("numerals", found.numerals + square(operator.value), term);
    if (operator.type === "real") {
      const added = square(operator.numerator) + square(operator.denominator);
      record("numerals", found.numerals + added, term);
    }
  }

  const open = new Set<TypedTerm>();
  const stack = assertions.toReversed();
  for (let term = stack.at(-1); term !== undefined; term = stack.at(-1)) {
    if (sizes.has(term)) {
      stack.pop();
      continue;
    }
    const parts = partsOf(term, definitions);
    const missing = parts.filter((part) => !sizes.has(part) && !open.has(part));
    if (missing.length > 0) {
      open.add(term);
      for (const part of missing) stack.push(part);
      continue;
    }
    stack.pop();
    open.delete(term);
    measure(term, parts);
  }
  return found;
}

function partsOf(term: TypedTerm, definitions: Definitions): readonly TypedTerm[] {
  const { operator, operands } = term;
  if (operator.type !== "function" || operands.length > 0) return childrenOf(term);
  const meaning = definitions.get(operator.symbol);
  return meaning === undefined ? [] : [meaning];
}

const describe: { readonly [Name in keyof GrowthLimits]: (value: number) => string } = {
  bitWidth: (value) => `a bit vector of ${value} bits`,
  words: () => "folding this would make a constant too large",
  degree: (value) => `a product of degree ${value}, written out`,
  monomials: (value) => `a polynomial of ${value} products, written out`,
  distinct: (value) => `distinct of ${value} terms`,
  pairs: () => "the script has too many pairs of terms that are distinct",
  gates: () => "the circuits of wide products, quotients and floats are too large",
  numerals: () => "the script has too many long numerals",
};

/** Nothing for a numeral of one word. */
function square(value: bigint): number {
  const words = wordsOf(value);
  return words > 1 ? words * words : 0;
}
