import {
  type Float,
  type FloatFormat,
  type Fraction,
  floatLiteral,
  floatOfBits,
  fractionOf,
  type RoundingMode,
  round,
  roundingModes,
} from "./exact-float.ts";
import { floatOperations, nearest } from "./exact-float-operations.ts";
import type { RandomSource } from "./random-source.ts";

/** A satisfiable script about one operation on floats, true by exact arithmetic. */
export interface FloatClaim {
  readonly operator: string;
  readonly format: FloatFormat;
  /** `folded`: on literals. `encoded`: on constants with two values each, so that Z3 must encode. */
  readonly style: "folded" | "encoded";
  readonly script: string;
}

/** Operations that are compared, conversions included. */
export const comparedOperators: readonly string[] = [
  ...Object.keys(floatOperations),
  "to_fp",
  "to_fp signed",
  "to_fp_unsigned",
  "fp.to_ubv",
  "fp.to_sbv",
  "fp.to_real",
  "fp.leq",
  "fp.lt",
  "fp.eq",
];

const arity = new Map([
  ["fp.fma", 3],
  ...["fp.sqrt", "fp.roundToIntegral", "fp.abs", "fp.neg"].map((name) => [name, 1] as const),
]);
const modeless = new Set(["fp.rem", "fp.abs", "fp.neg"]);
const bitWidth = 8;

/** A random claim about `operator` in `format`; `undefined` where the theory fixes no value. */
export function floatClaim(
  operator: string,
  format: FloatFormat,
  random: RandomSource,
): FloatClaim | undefined {
  const mode = random.pick(roundingModes);
  const style = random.chance(30) ? "folded" : "encoded";
  const stated = statementOf(operator, { format, mode, random });
  if (stated === undefined) return undefined;
  const { sort, operands, apply } = stated;
  const names = style === "folded" ? operands : operands.map((_, at) => `x${at}`);
  const lines =
    style === "folded"
      ? []
      : operands.map((operand, at) => {
          const other = stated.other();
          return `(declare-const x${at} ${sort})(assert (or (= x${at} ${operand}) (= x${at} ${other})))`;
        });
  const script = [...lines, `(assert ${apply(names)})`, "(check-sat)"].join("\n");
  return { operator, format, style, script };
}

interface Statement {
  readonly sort: string;
  readonly operands: readonly string[];
  /** Another literal of the operands' sort. */
  readonly other: () => string;
  /** A truth about the operands. */
  readonly apply: (names: readonly string[]) => string;
}

interface Circumstances {
  readonly format: FloatFormat;
  readonly mode: RoundingMode;
  readonly random: RandomSource;
}

function statementOf(operator: string, where: Circumstances): Statement | undefined {
  const { format, mode, random } = where;
  const size = sizeOf(format);
  const pick = (): Float => floatOfBits(randomBits(format, random), format);
  const literal = (value: Float): string => floatLiteral(value, format);
  const floats = { sort: `(_ FloatingPoint ${size})`, other: () => literal(pick()) };
  const operation = floatOperations[operator];
  if (operation !== undefined) {
    const operands = Array.from({ length: arity.get(operator) ?? 2 }, pick);
    const result = literal(operation(operands, { mode, format }));
    const head = modeless.has(operator) ? operator : `${operator} ${mode}`;
    const apply = (names: readonly string[]): string =>
      `(= (${head} ${names.join(" ")}) ${result})`;
    return { ...floats, operands: operands.map(literal), apply };
  }
  const value = pick();
  const one = { ...floats, operands: [literal(value)] };
  const exact = fractionOf(value);
  switch (operator) {
    case "to_fp": {
      const target = random.pick(conversionTargets);
      const converted = floatLiteral(convert(value, mode, target), target);
      const apply = ([name]: readonly string[]): string =>
        `(= ((_ to_fp ${sizeOf(target)}) ${mode} ${name}) ${converted})`;
      return { ...one, apply };
    }
    case "to_fp signed":
    case "to_fp_unsigned":
      return fromBits(operator, where);
    case "fp.to_real":
      return exact === undefined
        ? undefined
        : { ...one, apply: ([name]) => `(= (fp.to_real ${name}) ${realLiteral(exact)})` };
    case "fp.to_ubv":
    case "fp.to_sbv":
      return exact === undefined ? undefined : toBits(operator, exact, { ...where, one });
    default:
      return comparison(operator, { floats, literal, pick });
  }
}

function fromBits(operator: string, { format, mode, random }: Circumstances): Statement {
  const width = 1 + random.below(20);
  const sort = `(_ BitVec ${width})`;
  const literal = (bits: bigint): string => `#b${bits.toString(2).padStart(width, "0")}`;
  const draw = (): bigint => BigInt(random.below(2 ** width));
  const bits = draw();
  const signed = operator !== "to_fp_unsigned";
  const number = signed && bits >> BigInt(width - 1) === 1n ? bits - (1n << BigInt(width)) : bits;
  const result = floatLiteral(round({ over: number, under: 1n }, mode, format), format);
  const name = signed ? "to_fp" : operator;
  const apply = ([operand]: readonly string[]): string =>
    `(= ((_ ${name} ${sizeOf(format)}) ${mode} ${operand}) ${result})`;
  return { sort, operands: [literal(bits)], other: () => literal(draw()), apply };
}

function toBits(
  operator: string,
  exact: Fraction,
  { mode, one }: Circumstances & { readonly one: Omit<Statement, "apply"> },
): Statement | undefined {
  const number = nearest(exact, mode);
  const signed = operator === "fp.to_sbv";
  const half = 1n << BigInt(bitWidth - 1);
  const [least, most] = signed ? [-half, half - 1n] : [0n, 2n * half - 1n];
  // Beyond them the theory leaves the value open.
  if (number < least || number > most) return undefined;
  const bits = BigInt.asUintN(bitWidth, number).toString(2).padStart(bitWidth, "0");
  const apply = ([name]: readonly string[]): string =>
    `(= ((_ ${operator} ${bitWidth}) ${mode} ${name}) #b${bits})`;
  return { ...one, apply };
}

function comparison(
  operator: string,
  by: {
    readonly floats: Pick<Statement, "sort" | "other">;
    readonly literal: (value: Float) => string;
    readonly pick: () => Float;
  },
): Statement {
  const left = by.pick();
  const right = by.pick();
  const order = compared(left, right);
  const holds =
    order !== undefined &&
    (operator === "fp.eq" ? order === 0 : operator === "fp.lt" ? order < 0 : order <= 0);
  const apply = (names: readonly string[]): string => {
    const atom = `(${operator} ${names.join(" ")})`;
    return holds ? atom : `(not ${atom})`;
  };
  return { ...by.floats, operands: [by.literal(left), by.literal(right)], apply };
}

function compared(left: Float, right: Float): number | undefined {
  if (left.type === "nan" || right.type === "nan") return undefined;
  const rank = (value: Float): number =>
    value.type === "infinity" ? (value.negative ? -1 : 1) : 0;
  const [first, second] = [fractionOf(left), fractionOf(right)];
  if (first === undefined || second === undefined) return rank(left) - rank(right);
  const difference = first.over * second.under - second.over * first.under;
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

function convert(value: Float, mode: RoundingMode, target: FloatFormat): Float {
  const exact = fractionOf(value);
  if (exact === undefined || value.type !== "finite") return value;
  return round(exact, mode, target, value.negative);
}

const conversionTargets: readonly FloatFormat[] = [
  { exponentBits: 3, significandBits: 4 },
  { exponentBits: 3, significandBits: 5 },
  { exponentBits: 4, significandBits: 9 },
  { exponentBits: 5, significandBits: 11 },
  { exponentBits: 8, significandBits: 24 },
];

function sizeOf({ exponentBits, significandBits }: FloatFormat): string {
  return `${exponentBits} ${significandBits}`;
}

function realLiteral({ over, under }: Fraction): string {
  const magnitude = `(/ ${over < 0n ? -over : over}.0 ${under}.0)`;
  return over < 0n ? `(- ${magnitude})` : magnitude;
}

/** Bit patterns with more than their share of subnormals, extremes and long carries. */
function randomBits(format: FloatFormat, random: RandomSource): bigint {
  const fractionBits = format.significandBits - 1;
  const width = 1 + format.exponentBits + fractionBits;
  let bits = 0n;
  for (let at = 0; at < width; at++) bits = bits * 2n + BigInt(random.below(2));
  const sign = bits & (1n << BigInt(width - 1));
  const fraction = bits & ((1n << BigInt(fractionBits)) - 1n);
  const exponent = (value: number): bigint => BigInt(value) << BigInt(fractionBits);
  const exponentMax = 2 ** format.exponentBits - 1;
  switch (random.below(6)) {
    case 0:
      return sign | (fraction >> BigInt(random.below(fractionBits + 1)));
    case 1:
      return sign | exponent(exponentMax - 1) | fraction;
    case 2:
      return sign | exponent(random.below(exponentMax)) | ((1n << BigInt(fractionBits)) - 1n);
    case 3:
      return sign | exponent(random.below(exponentMax)) | BigInt(random.below(2));
    default:
      return bits;
  }
}
