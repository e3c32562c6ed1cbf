import { parseAst } from "rolldown/parseAst";

/** One change of a source text. */
export interface Change {
  readonly operator: string;
  /** Offsets in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** A node of an ESTree with positions, as far as the operators look into it. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "===": ["!=="],
  "!==": ["==="],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
};

const METHODS: ReadonlyMap<string, string> = new Map([
  ["some", "every"],
  ["every", "some"],
  ["max", "min"],
  ["min", "max"],
  ["find", "findLast"],
  ["findLast", "find"],
]);

/** Fields that hold types or names of fields, which no test can see. */
const SKIPPED = new Set(["typeAnnotation", "returnType", "typeParameters", "typeArguments"]);

/**
 * All changes of the standard operators (Offutt et al., "An experimental determination of sufficient
 * mutant operators", 1996): relations, logic, arithmetic, constants, negations, left out statements,
 * conditions that always or never hold, filters and spreads left out.
 */
export function changesOf(source: string): readonly Change[] {
  const changes: Change[] = [];
  const pending: unknown[] = [parseAst(source, { lang: "ts" })];
  while (pending.length > 0) {
    const next = pending.pop();
    if (Array.isArray(next)) pending.push(...next.toReversed());
    else if (isNode(next)) {
      if (next.type.startsWith("TS") || isAssertion(next)) continue;
      changes.push(...changesAt(next, source));
      const fields = Object.entries(next).filter(([name]) => !SKIPPED.has(name));
      for (const [, value] of fields.toReversed()) pending.push(value);
    }
  }
  return changes.toSorted((left, right) => left.start - right.start || left.end - right.end);
}

function changesAt(node: Node, source: string): readonly Change[] {
  const text = (of: Node): string => source.slice(of.start, of.end);
  const swap = (operator: string, of: Node, replacement: string): Change => {
    return { operator, start: of.start, end: of.end, replacement };
  };
  const child = (name: string): Node | undefined => {
    const value = node[name];
    return isNode(value) ? value : undefined;
  };
  const [left, right, test, argument] = ["left", "right", "test", "argument"].map(child);
  const sign = textOf(node, "operator");
  switch (node.type) {
    case "BinaryExpression":
      if (left === undefined || right === undefined) return [];
      return (COMPARISONS[sign] ?? []).map((other) =>
        swap("relation", node, `${text(left)} ${other} ${text(right)}`),
      );
    case "LogicalExpression": {
      if (left === undefined || right === undefined) return [];
      const sides = [left, right].map((side) => swap("logic", node, `(${text(side)})`));
      if (sign === "??") return sides;
      const other = sign === "&&" ? "||" : "&&";
      return [swap("logic", node, `(${text(left)}) ${other} (${text(right)})`), ...sides];
    }
    case "UnaryExpression":
      return sign === "!" && argument !== undefined
        ? [swap("negation", node, `(${text(argument)})`)]
        : [];
    case "IfStatement":
    case "ConditionalExpression":
    case "WhileStatement": {
      if (test === undefined) return [];
      const always = node.type === "WhileStatement" ? [] : [swap("condition", test, "true")];
      return [...always, swap("condition", test, "false")];
    }
    case "Literal": {
      if (typeof node["value"] === "boolean") {
        return [swap("constant", node, String(node["value"] !== true))];
      }
      if (typeof node["value"] !== "number" && typeof node["value"] !== "bigint") return [];
      const suffix = typeof node["value"] === "bigint" ? "n" : "";
      return [swap("constant", node, `(${text(node)} + 1${suffix})`)];
    }
    case "ExpressionStatement":
      return [swap("statement", node, ";")];
    case "CallExpression":
      return callChanges(node, text, swap);
    case "SpreadElement":
      return argument?.type === "ArrayExpression" || argument === undefined
        ? []
        : [swap("spread", node, "...[]")];
    default:
      return [];
  }
}

function textOf(node: Node, name: string): string {
  const value = node[name];
  return typeof value === "string" ? value : "";
}

function callChanges(
  node: Node,
  text: (of: Node) => string,
  swap: (operator: string, of: Node, replacement: string) => Change,
): readonly Change[] {
  const callee = node["callee"];
  if (!isNode(callee) || callee.type !== "MemberExpression") return [];
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property)) return [];
  const name = textOf(property, "name");
  const other = METHODS.get(name);
  if (other !== undefined) return [swap("method", property, other)];
  if (name === "filter") return [swap("filter", node, text(object))];
  return name === "toReversed" ? [swap("order", node, text(object))] : [];
}

/** Assertions say what holds anyway; that they are there is for no test to show. */
function isAssertion(node: Node): boolean {
  if (node.type === "ImportDeclaration") return true;
  const call = node.type === "ExpressionStatement" ? node["expression"] : undefined;
  if (!isNode(call) || call.type !== "CallExpression") return false;
  const callee = call["callee"];
  return isNode(callee) && callee["name"] === "assert";
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
