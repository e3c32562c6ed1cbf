import type { TypedTerm } from "../graph/typed-term.ts";
import type { Sort } from "../sorts/sort.ts";

/**
 * Bound on the size that a term has after simplification, with constants folded and products
 * distributed.
 */
export interface Size {
  /**
   * 64-bit words of the largest constant or coefficient. For a string, its characters divided by 8.
   */
  readonly words: number;
  /** Degree of the term as a polynomial over terms that are neither sums nor products. */
  readonly degree: number;
  /** Number of monomials of that polynomial when it is written out. */
  readonly monomials: number;
}

/** Size of a term that simplification does not look into. */
export const plainSize: Size = { words: 0, degree: 1, monomials: 1 };

/** Returns the size of a term whose operands have these sizes. */
export function sizeOf(term: TypedTerm, operands: readonly Size[]): Size {
  const { operator, sort } = term;
  if (sort.type === "bits") return { ...plainSize, words: sort.width / 64 };
  if (sort.type === "float" || sort.type === "Bool" || sort.type === "RoundingMode") {
    return plainSize;
  }
  switch (operator.type) {
    case "integer":
      return constant(wordsOf(operator.value));
    case "real":
      return constant(wordsOf(operator.numerator) + wordsOf(operator.denominator));
    case "string":
      return { ...plainSize, words: operator.characters.length / 8 };
    case "theory":
      return theorySize(operator.name, operator.indices, { operands, sort });
    default:
      return { ...plainSize, words: most(operands, "words") };
  }
}

function theorySize(
  name: string,
  indices: readonly number[],
  { operands, sort }: { readonly operands: readonly Size[]; readonly sort: Sort },
): Size {
  const words = most(operands, "words");
  const [first = plainSize, , third = plainSize] = operands;
  switch (name) {
    case "+":
    case "-":
      return {
        // Fractions are brought to one denominator.
        words: sort.type === "Real" ? sum(operands, "words") : words,
        degree: most(operands, "degree"),
        monomials: sum(operands, "monomials"),
      };
    case "*":
    case "/":
      return {
        words: sum(operands, "words"),
        degree: sum(operands, "degree"),
        monomials: operands.reduce((product, { monomials }) => product * monomials, 1),
      };
    case "div":
    case "mod":
      // Quotients by constants nest: each divisor multiplies the operand's denominator.
      return { ...first, words: sum(operands, "words") };
    case "ite":
    case "to_real":
    case "to_int":
    case "abs":
      return {
        words,
        degree: most(operands, "degree"),
        monomials: most(operands, "monomials"),
      };
    case "str.++":
    case "re.++":
    case "str.replace":
    case "str.replace_re":
      return { ...plainSize, words: sum(operands, "words") };
    // Each character may become the whole replacement.
    case "str.replace_all":
    case "str.replace_re_all":
      return { ...plainSize, words: first.words * (third.words * 8 + 1) };
    case "re.^":
    case "re.loop":
      return { ...plainSize, words: words * Math.max(1, ...indices) };
    case "str.len":
    case "str.to_code":
    case "str.from_code":
    case "str.at":
      return plainSize;
    default:
      return { ...plainSize, words };
  }
}

/** Returns the length of an integer in 64-bit words, with a fraction for an incomplete word. */
export function wordsOf(value: bigint): number {
  return value.toString(16).length / 16;
}

function constant(words: number): Size {
  return { words, degree: 0, monomials: 1 };
}

function most(sizes: readonly Size[], field: keyof Size): number {
  return sizes.reduce((largest, size) => Math.max(largest, size[field]), 0);
}

function sum(sizes: readonly Size[], field: keyof Size): number {
  return sizes.reduce((total, size) => total + size[field], 0);
}
