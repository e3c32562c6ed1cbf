import type { Operator, TypedTerm } from "../graph/typed-term.ts";
import { ScreenError } from "../s-expression.ts";
import type { Sort } from "../sorts/sort.ts";
import type { Growth, GrowthOf } from "./growth.ts";

/** Bounds on one term. */
export interface GrowthLimits {
  /** 64-bit words of a folded constant. */
  readonly words: number;
  /** Operands of one `distinct`. */
  readonly distinct: number;
  /** Bits of a bit vector. */
  readonly bitWidth: number;
}

/** Measures terms against limits as they are made. */
export function createGrowthOf(limits: GrowthLimits): GrowthOf {
  return (operator, operands, sort, at): Growth => {
    if (sort.type === "bits" && sort.width > limits.bitWidth) {
      throw new ScreenError("growth", `a bit vector of ${sort.width} bits`, at);
    }
    const words = wordsOf(operator, operands, sort);
    if (words > limits.words) {
      throw new ScreenError("growth", "folding this would make a constant too large", at);
    }
    const isDistinct = operator.type === "theory" && operator.name === "distinct";
    if (isDistinct && operands.length > limits.distinct) {
      throw new ScreenError("growth", `distinct of ${operands.length} terms`, at);
    }
    return { words };
  };
}

function wordsOf(operator: Operator, operands: readonly TypedTerm[], sort: Sort): number {
  const widths = operands.map(({ growth }) => growth.words);
  const most = widths.reduce((left, right) => Math.max(left, right), 1);
  const sum = widths.reduce((left, right) => left + right, 0);
  if (sort.type === "Bool" || sort.type === "RoundingMode") return 1;
  if (sort.type === "bits") return Math.max(1, sort.width / 64);
  switch (operator.type) {
    case "integer":
      return bitWords(operator.value);
    case "real":
      return bitWords(operator.numerator) + bitWords(operator.denominator);
    case "string":
      return Math.max(1, operator.characters.length / 8);
    case "theory":
      return theoryWords(operator, { widths, most, sum });
    default:
      return most;
  }
}

function theoryWords(
  { name, indices }: Extract<Operator, { type: "theory" }>,
  {
    widths,
    most,
    sum,
  }: { readonly widths: readonly number[]; readonly most: number; readonly sum: number },
): number {
  const [first = 1, , third = 1] = widths;
  switch (name) {
    case "*":
    case "/":
    case "str.++":
    case "re.++":
    case "str.replace":
    case "str.replace_re":
      return Math.max(1, sum);
    // Each of the characters may give way to the whole replacement.
    case "str.replace_all":
    case "str.replace_re_all":
      return first * 8 * (third + 1);
    case "re.^":
    case "re.loop":
      return most * Math.max(1, ...indices);
    case "str.len":
    case "str.to_code":
    case "str.from_code":
    case "str.at":
      return 1;
    default:
      return most;
  }
}

function bitWords(value: bigint): number {
  return Math.max(1, value.toString(16).length / 16);
}
