import { UNITS } from "@aethel/models/primitives";
import { arithmeticUnits, calculate } from "../../language/evaluate.ts";
import type { ArithmeticOperator, Binary } from "../../language/syntax/syntax.ts";
import type { Span } from "../../obligation.ts";
import type { Typed } from "../typed/typed-expression.ts";
import { equalValues } from "../typed/values.ts";
import { type Code, counted, inOrder, numberIn, type Part, truthIn } from "./part.ts";
import { arithmeticWidth, noNumber, type ValueWidth } from "./value-width.ts";

/** Compiles an operator between two operands. */
export function compileBinary({ operator, span }: Binary<Typed>, left: Part, right: Part): Part {
  switch (operator) {
    case "&&":
    case "||":
    case "=>":
      return compileConnective(operator, left, right);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return compileArithmetic(operator, span, { left, right });
    default: {
      const { codes, ...ordered } = inOrder([left, right], UNITS.node);
      const [first = left.code, second = right.code] = codes;
      const code = codeOfComparison(operator, first, second);
      return { ...ordered, code, width: noNumber, sameAs: undefined };
    }
  }
}

function compileConnective(operator: "&&" | "||" | "=>", left: Part, right: Part): Part {
  const { code: first } = left;
  const second = counted(right);
  return {
    lead: UNITS.node + left.lead,
    code: codeOfConnective(operator, first, second),
    rest: left.rest + right.lead + right.rest,
    isPure: false,
    width: noNumber,
    sameAs: undefined,
  };
}

function codeOfConnective(operator: "&&" | "||" | "=>", first: Code, second: Code): Code {
  switch (operator) {
    case "&&":
      return (run) => truthIn(first(run)) && truthIn(second(run));
    case "||":
      return (run) => truthIn(first(run)) || truthIn(second(run));
    case "=>":
      return (run) => !truthIn(first(run)) || truthIn(second(run));
  }
}

function codeOfComparison(
  operator: "==" | "!=" | "<" | "<=" | ">" | ">=",
  first: Code,
  second: Code,
): Code {
  switch (operator) {
    case "==":
      return (run) => equalValues(first(run), second(run));
    case "!=":
      return (run) => !equalValues(first(run), second(run));
    case "<":
      return (run) => numberIn(first(run)) < numberIn(second(run));
    case "<=":
      return (run) => numberIn(first(run)) <= numberIn(second(run));
    case ">":
      return (run) => numberIn(first(run)) > numberIn(second(run));
    case ">=":
      return (run) => numberIn(first(run)) >= numberIn(second(run));
  }
}

function compileArithmetic(
  operator: ArithmeticOperator,
  span: Span,
  { left, right }: { readonly left: Part; readonly right: Part },
): Part {
  const { codes, lead, rest, isPure } = inOrder([left, right], UNITS.node);
  const [first = left.code, second = right.code] = codes;
  const most = mostArithmeticUnits(operator, left.width, right.width);
  const isFree = most === 0;
  const code = isFree
    ? freeCode(operator, span, { first, second })
    : countedCode(operator, span, { first, second });
  return {
    lead,
    code,
    rest: rest + most,
    // A division can stop the run.
    isPure: isPure && isFree && operator !== "/" && operator !== "%",
    width: arithmeticWidth(operator, left.width, right.width),
    sameAs: undefined,
  };
}

interface Operands {
  readonly first: Code;
  readonly second: Code;
}

/** Returns the code of an operation that takes no units in addition to its node's. */
function freeCode(operator: ArithmeticOperator, span: Span, { first, second }: Operands): Code {
  switch (operator) {
    case "+":
      return (run) => numberIn(first(run)) + numberIn(second(run));
    case "-":
      return (run) => numberIn(first(run)) - numberIn(second(run));
    case "*":
      return (run) => numberIn(first(run)) * numberIn(second(run));
    default:
      return (run) => calculate(operator, numberIn(first(run)), numberIn(second(run)), span);
  }
}

function countedCode(operator: ArithmeticOperator, span: Span, { first, second }: Operands): Code {
  return (run) => {
    const a = numberIn(first(run));
    const b = numberIn(second(run));
    const units = arithmeticUnits(operator, a, b);
    if (units > 0) run.spend(units);
    return calculate(operator, a, b, span);
  };
}

const WORD_BITS = 64;

/** Returns the most units of an operation on operands of these widths. */
function mostArithmeticUnits(
  operator: ArithmeticOperator,
  left: ValueWidth,
  right: ValueWidth,
): number {
  const [firsts, seconds] = [numbersUpTo(left), numbersUpTo(right)];
  if (operator !== "/" && operator !== "%") {
    // Sums and products of more words never take fewer units. Quotients may.
    return arithmeticUnits(operator, firsts.at(-1) ?? 0n, seconds.at(-1) ?? 0n);
  }
  let units = 0;
  for (const a of firsts) {
    for (const b of seconds) units = Math.max(units, arithmeticUnits(operator, a, b));
  }
  return units;
}

/** Returns one number of each count of words that a value of this width can have. */
function numbersUpTo({ bits }: ValueWidth): readonly bigint[] {
  const words = Math.max(1, Math.ceil(bits / WORD_BITS));
  return Array.from({ length: words }, (_, at) => 1n << BigInt(at * WORD_BITS));
}
