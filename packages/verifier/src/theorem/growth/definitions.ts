import type { FunctionSymbol, TypedTerm } from "../graph/typed-term.ts";

/** Term that equals each constant of the script for which an equation defines one. */
export type Definitions = ReadonlyMap<FunctionSymbol, TypedTerm>;

/**
 * Finds the equations by which Z3 eliminates constants before its search: equations with a constant
 * on one side that are asserted outright, so that every model satisfies them. The first equation
 * for a constant counts.
 */
export function findDefinitions(assertions: readonly TypedTerm[]): Definitions {
  const definitions = new Map<FunctionSymbol, TypedTerm>();
  const pending = assertions.toReversed();
  const seen = new Set<TypedTerm>();
  for (let term = pending.pop(); term !== undefined; term = pending.pop()) {
    if (seen.has(term) || term.operator.type !== "theory") continue;
    seen.add(term);
    if (term.operator.name === "and") {
      for (const operand of term.operands.toReversed()) pending.push(operand);
    }
    if (term.operator.name !== "=") continue;
    const [left, right] = term.operands;
    if (left === undefined || right === undefined) continue;
    if (!define(left, right)) define(right, left);
  }
  return definitions;

  function define({ operator, operands }: TypedTerm, meaning: TypedTerm): boolean {
    if (operator.type !== "function" || operands.length > 0) return false;
    if (definitions.has(operator.symbol)) return false;
    definitions.set(operator.symbol, meaning);
    return true;
  }
}
