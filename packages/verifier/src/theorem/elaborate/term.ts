import type { Environment } from "../environment/environment.ts";
import { type Machine, runMachine } from "../environment/machine.ts";
import type { TypedTerm } from "../graph/typed-term.ts";
import { reservedWords } from "../signatures/reserved.ts";
import { type Atom, type List, type Node, ScreenError } from "../syntax/s-expression.ts";
import { child } from "../syntax/shape.ts";
import { applyName } from "./apply-name.ts";
import { visitAttributes } from "./attributes.ts";
import { visitLet, visitQuantifier } from "./binders.ts";
import { readLiteral, readNegative } from "./literal.ts";
import { visitMatch } from "./match.ts";
import { applyQualified, isQualified } from "./qualified.ts";

/** Parameters of the function that is being defined, with the terms that stand for them. */
export type Parameters = readonly { readonly name: Atom; readonly term: TypedTerm }[];

/**
 * Types a term and expands its abbreviations. Does not recurse, so that no input overflows the
 * stack.
 *
 * @throws ScreenError with the place of a term that is ill-sorted, undeclared, refused or too
 * large.
 */
export function elaborateTerm(
  environment: Environment,
  node: Node,
  parameters: Parameters = [],
): TypedTerm {
  return runMachine(environment, node, visit, parameters);
}

function visit(machine: Machine, node: Node): void {
  if (node.type === "list") return visitList(machine, node);
  if (node.type === "symbol" || node.type === "quoted") {
    return machine.push(visitName(machine, node), node.at);
  }
  machine.push(readLiteral(machine.environment, node), node.at);
}

function visitName(machine: Machine, name: Atom): TypedTerm {
  const { environment, scope } = machine;
  const bound = scope.find(name.text);
  if (bound !== undefined) {
    const move = { from: bound.level, to: scope.level, at: name.at };
    return environment.instantiate(bound.term, move);
  }
  requireNoWord(name);
  const declared = environment.functionNames.has(name.text);
  const negative = declared ? undefined : readNegative(environment, name);
  return negative ?? applyName(machine, name, []);
}

function visitList(machine: Machine, list: List): void {
  if (isQualified(list)) return machine.push(applyQualified(machine, list, []), list.at);
  const head = child(list, 0);
  if (head.type === "list") {
    if (!isQualified(head)) throw new ScreenError("shape", "a term cannot be applied", head.at);
    return visitOperands(machine, list, (operands) => applyQualified(machine, head, operands));
  }
  if (head.type === "symbol") {
    switch (head.text) {
      case "let":
        return visitLet(machine, list);
      case "forall":
      case "exists":
        return visitQuantifier(machine, list, head.text);
      case "match":
        return visitMatch(machine, list);
      case "!":
        return visitAttributes(machine, list);
      case "lambda":
        throw new ScreenError("shape", "lambda is not supported", list.at);
      default:
    }
  }
  if (head.type !== "symbol" && head.type !== "quoted") {
    throw new ScreenError("shape", "a literal cannot be applied", head.at);
  }
  requireNoWord(head);
  if (machine.scope.find(head.text) !== undefined) {
    throw new ScreenError("shape", `\`${head.text}\` is bound to a term, not a function`, head.at);
  }
  if (list.items.length === 1) {
    throw new ScreenError("shape", `\`${head.text}\` is in parentheses and has no terms`, list.at);
  }
  visitOperands(machine, list, (operands) => applyName(machine, head, operands));
}

function visitOperands(
  machine: Machine,
  list: List,
  apply: (operands: ReturnType<Machine["take"]>) => TypedTerm,
): void {
  const operands = list.items.slice(1);
  machine.plan([
    ...operands.map(machine.visit),
    () => machine.push(apply(machine.take(operands.length)), list.at),
  ]);
}

function requireNoWord(name: Atom): void {
  if (!reservedWords.has(name.text)) return;
  throw new ScreenError("name", `${name.text} is a reserved word, not a name`, name.at);
}
