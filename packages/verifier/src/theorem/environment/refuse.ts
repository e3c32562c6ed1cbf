import { assertNever } from "@aethel/models/primitives";
import type { TypedTerm } from "../graph/typed-term.ts";
import { foreignKindOf } from "../signatures/foreign-names.ts";
import {
  type RefusedCondition,
  type RefusedOperator,
  refusedOperators,
} from "../signatures/refused-operators.ts";
import { describeSort } from "../sorts/describe-sort.ts";
import { ScreenError } from "../syntax/s-expression.ts";
import type { Typed } from "./machine.ts";

const refusals: ReadonlyMap<string, readonly RefusedOperator[]> = Map.groupBy(
  refusedOperators,
  ({ operator }) => operator,
);
const families = refusedOperators.filter(({ operator }) => operator.endsWith("*"));

/**
 * Requires that an operator may be used with these operands: Z3 is not known to decide it wrongly.
 *
 * @throws ScreenError `refused`, with the reason.
 */
export function requireAdmitted(
  use: { readonly name: string; readonly shown: string; readonly at: number },
  operands: readonly Typed[],
): void {
  const rows = refusals.get(use.name);
  const row = rows?.find(
    ({ condition }) => condition === undefined || applies(condition, operands),
  );
  if (row !== undefined) refuse(row, use.shown, use.at);
}

/**
 * Refuses a name that is neither declared by the script nor in the standard.
 *
 * @throws ScreenError `refused` for a name that solvers know, `undeclared` for any other.
 */
export function refuseUnknown(name: string, at: number, what: string): never {
  const row = families.find(({ operator }) => name.startsWith(operator.slice(0, -1)));
  if (row !== undefined) refuse(row, name, at);
  const kind = foreignKindOf(name);
  if (kind === undefined) throw new ScreenError("undeclared", `${what} is not declared`, at);
  throw new ScreenError("refused", `\`${name}\` is in no standard (${kind})`, at);
}

function refuse(row: RefusedOperator, shown: string, at: number): never {
  throw new ScreenError("refused", `\`${shown}\` is refused: ${row.reason}`, at);
}

function applies(condition: RefusedCondition, operands: readonly Typed[]): boolean {
  switch (condition.type) {
    case "not-constant": {
      const operand = operands[condition.argument]?.term;
      return operand?.sort.type === condition.sort && !isLiteral(operand);
    }
    case "not-literal": {
      const operand = operands[condition.argument]?.term;
      return operand !== undefined && !isLiteral(operand);
    }
    case "argument-sort": {
      const operand = operands[condition.argument]?.term;
      return operand !== undefined && describeSort(operand.sort).includes(condition.sort);
    }
    case "quantified":
      return operands.some(({ term }) => term.open > 0);
    default:
      return assertNever(condition);
  }
}

function isLiteral({ operator, operands }: TypedTerm): boolean {
  switch (operator.type) {
    case "integer":
    case "real":
    case "bits":
    case "string":
      return true;
    case "theory":
      // Literals are rounding modes, booleans, infinities, and floats of three bit patterns.
      return operator.name === "fp" ? operands.every(isLiteral) : operands.length === 0;
    default:
      return false;
  }
}
