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
  /** Greatest number of operands of one `distinct`. */
  readonly distinct: number;
  /** Greatest number of pairs of operands, over all `distinct` together. */
  readonly pairs: number;
  /** Greatest number of gates of all circuits together. */
  readonly gates: number;
  /**
   * Greatest sum, over all numerals longer than a word, of the square of the number of their 64-bit
   * words. Bignum work is quadratic.
   */
  readonly numerals: number;
}

/** Measured values of one script, in the units of the limits. */
export type Measurements = { -readonly [Name in keyof GrowthLimits]: number };

/**
 * Requires that terms do not grow beyond the limits while Z3 simplifies them, because Z3 does not
 * count that work. A constant that an equation defines is measured as the term that it equals.
 *
 * @throws ScreenError `growth`, at the first place of the term.
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
    const size = sizeOfParts(term, parts, sizes);
    sizes.set(term, size);
    record(term, { size, found, limits });
  }
  return found;
}

function sizeOfParts(
  term: TypedTerm,
  parts: readonly TypedTerm[],
  sizes: ReadonlyMap<TypedTerm, Size>,
): Size {
  const { operator, operands } = term;
  const [meaning] = parts;
  // A part without a size is being measured: a constant that is defined by itself.
  if (operator.type === "function" && operands.length === 0 && meaning !== undefined) {
    return sizes.get(meaning) ?? plainSize;
  }
  return sizeOf(
    term,
    operands.map((operand) => sizes.get(operand) ?? plainSize),
  );
}

/** Adds one term to the measurements. Throws a ScreenError if they exceed a limit. */
function record(
  term: TypedTerm,
  at: { readonly size: Size; readonly found: Measurements; readonly limits: GrowthLimits },
): void {
  const { size, found, limits } = at;
  const { operator, operands, sort } = term;
  const take = (name: keyof GrowthLimits, value: number): void => {
    found[name] = Math.max(found[name], value);
    if (value > limits[name])
      throw new ScreenError("growth", describe[name](value, limits[name]), term.at);
  };
  if (sort.type === "bits") take("bitWidth", sort.width);
  take("words", size.words);
  take("degree", size.degree);
  // A sum is as long as it is written; only products multiply.
  if (operator.type === "theory" && operator.name === "*") take("monomials", size.monomials);
  take("gates", found.gates + gatesOf(term));
  if (operator.type === "theory" && operator.name === "distinct") {
    const count = operands.length;
    take("distinct", count);
    take("pairs", found.pairs + (count * (count - 1)) / 2);
  }
  if (operator.type === "integer") take("numerals", found.numerals + square(operator.value));
  if (operator.type === "real") {
    const added = square(operator.numerator) + square(operator.denominator);
    take("numerals", found.numerals + added);
  }
}

function partsOf(term: TypedTerm, definitions: Definitions): readonly TypedTerm[] {
  const { operator, operands } = term;
  if (operator.type !== "function" || operands.length > 0) return childrenOf(term);
  const meaning = definitions.get(operator.symbol);
  return meaning === undefined ? [] : [meaning];
}

const describe: {
  readonly [Name in keyof GrowthLimits]: (value: number, most: number) => string;
} = {
  bitWidth: (value, most) => `this bit vector has ${value} bits; at most ${most} are allowed`,
  words: () => "folding this would make a constant too large",
  degree: (value, most) =>
    `this product has degree ${value} when it is written out; at most ${most} is allowed`,
  monomials: (value, most) =>
    `this polynomial has ${value} products when it is written out; at most ${most} are allowed`,
  distinct: (value, most) => `this \`distinct\` has ${value} terms; at most ${most} are allowed`,
  pairs: () => "the script has too many pairs of terms under `distinct`",
  gates: () => "the circuits of wide products, quotients and floats are too large",
  numerals: () => "the script has too many long numerals",
};

/** Returns the square of a numeral's length in 64-bit words, or 0 if it has only one word. */
function square(value: bigint): number {
  const words = wordsOf(value);
  return words > 1 ? words * words : 0;
}
