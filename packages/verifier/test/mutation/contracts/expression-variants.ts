import { originSpan } from "../../../src/language/parse/source.ts";
import { printContractExpression } from "../../../src/language/print/print-contract.ts";
import type { ContractExpression } from "../../../src/language/syntax/contract.ts";
import type { BinaryOperator } from "../../../src/language/syntax/syntax.ts";

/** One way to write a part differently. */
export interface Variant<T> {
  readonly change: string;
  readonly value: T;
}

/** Names that could stand for one another by mistake, by their kind. */
export type Kin = readonly (readonly string[])[];

interface Child {
  readonly child: ContractExpression;
  readonly put: (value: ContractExpression) => ContractExpression;
}

/** Returns all variants of an expression with one change in it, at whatever depth. */
export function expressionVariants(
  expression: ContractExpression,
  kin: Kin,
): readonly Variant<ContractExpression>[] {
  const text = printContractExpression(expression);
  const here = nodeVariants(expression, kin).map((value) => ({
    change: `\`${text}\` made \`${printContractExpression(value)}\``,
    value,
  }));
  const inside = childrenOf(expression).flatMap(({ child, put }) =>
    expressionVariants(child, kin).map(({ change, value }) => ({ change, value: put(value) })),
  );
  return [...here, ...inside];
}

const replaced: Readonly<Partial<Record<BinaryOperator, readonly BinaryOperator[]>>> = {
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "==": ["!=", "<=", ">="],
  "!=": ["=="],
  "<": ["<=", ">"],
  "<=": ["<", ">="],
  ">": [">=", "<"],
  ">=": [">", "<="],
  "&&": ["||"],
  "||": ["&&"],
};

function nodeVariants(expression: ContractExpression, kin: Kin): readonly ContractExpression[] {
  switch (expression.type) {
    case "integer":
      return [expression.value + 1n, expression.value - 1n]
        .filter((value) => value >= 0n)
        .map((value) => ({ ...expression, value }));
    case "boolean":
      return [{ ...expression, value: !expression.value }];
    case "name": {
      const other = nextOf(kin, expression.name);
      return other === undefined ? [] : [{ ...expression, name: other }];
    }
    case "member": {
      const other = nextOf(kin, `.${expression.member.text}`);
      if (other === undefined) return [];
      return [{ ...expression, member: { text: other.slice(1), span: originSpan } }];
    }
    case "not":
      return [expression.operand];
    case "binary":
      return (replaced[expression.operator] ?? []).map((operator) => ({ ...expression, operator }));
    case "if":
      return [expression.consequent, expression.alternative];
    case "call": {
      if (expression.callee === "abs") return [];
      return [{ ...expression, callee: expression.callee === "min" ? "max" : "min" }];
    }
    default:
      return [];
  }
}

/** Returns the next name of the same kind; undefined when it is alone. */
function nextOf(kin: Kin, name: string): string | undefined {
  const names = kin.find((one) => one.includes(name)) ?? [];
  return names.length < 2 ? undefined : names[(names.indexOf(name) + 1) % names.length];
}

function childrenOf(expression: ContractExpression): readonly Child[] {
  switch (expression.type) {
    case "old":
    case "negate":
    case "not":
      return [{ child: expression.operand, put: (operand) => ({ ...expression, operand }) }];
    case "binary":
      return [
        { child: expression.left, put: (left) => ({ ...expression, left }) },
        { child: expression.right, put: (right) => ({ ...expression, right }) },
      ];
    case "if":
      return [
        { child: expression.condition, put: (condition) => ({ ...expression, condition }) },
        { child: expression.consequent, put: (consequent) => ({ ...expression, consequent }) },
        { child: expression.alternative, put: (alternative) => ({ ...expression, alternative }) },
      ];
    case "call":
      return expression.operands.map((child, at) => ({
        child,
        put: (value) => ({ ...expression, operands: expression.operands.with(at, value) }),
      }));
    case "function":
      return expression.operands.map((child, at) => ({
        child,
        put: (value) => ({ ...expression, operands: expression.operands.with(at, value) }),
      }));
    case "record":
      return expression.fields.map((field, at) => ({
        child: field.value,
        put: (value) => ({
          ...expression,
          fields: expression.fields.with(at, { ...field, value }),
        }),
      }));
    case "member":
      return [{ child: expression.object, put: (object) => ({ ...expression, object }) }];
    case "index":
      return [
        { child: expression.object, put: (object) => ({ ...expression, object }) },
        { child: expression.key, put: (key) => ({ ...expression, key }) },
      ];
    default:
      return [];
  }
}
