import { precedence } from "../parse/parse-operators.ts";
import type { Binary, Call, Choice, Leaf, Unary } from "../syntax/syntax.ts";

/** Prints an expression; if its precedence is below `floor`, in brackets. */
type Print<E> = (expression: E, floor?: number) => string;

const unary = 7;

/** Prints a form that the expressions of intents and contracts share. `print` prints operands. */
export function printShared<E>(
  expression: Leaf | Unary<E> | Binary<E> | Choice<E> | Call<E>,
  print: Print<E>,
  floor: number,
): string {
  switch (expression.type) {
    case "integer":
      return expression.value.toString();
    case "decimal":
      return expression.text;
    case "boolean":
      return expression.value ? "true" : "false";
    case "name":
      return expression.name;
    case "sequence":
      return "sequence";
    case "old":
      return `old(${print(expression.operand)})`;
    case "negate":
      return `-${print(expression.operand, unary)}`;
    case "not":
      return `!${print(expression.operand, unary)}`;
    case "call":
      return `${expression.callee}(${expression.operands.map((one) => print(one)).join(", ")})`;
    case "if": {
      const { condition, consequent, alternative } = expression;
      const text = `if ${print(condition)} then ${print(consequent)} else ${print(alternative)}`;
      return bracket(text, floor > 0);
    }
    case "binary":
      return bracket(printBinary(expression, print), precedence[expression.operator] < floor);
  }
}

function printBinary<E>({ operator, left, right }: Binary<E>, print: Print<E>): string {
  const level = precedence[operator];
  const chains = level !== precedence["=="];
  const leftFloor = operator === "=>" || !chains ? level + 1 : level;
  const rightFloor = operator === "=>" ? level : level + 1;
  return `${print(left, leftFloor)} ${operator} ${print(right, rightFloor)}`;
}

/** Puts a text in brackets if they are needed. */
export function bracket(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}
