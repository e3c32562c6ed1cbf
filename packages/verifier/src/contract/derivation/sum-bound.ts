import type { Assumed, Assumption } from "./assumption.ts";
import { type Formula, present } from "./formulas.ts";
import { cellsIn, rangesOf } from "./keys-in.ts";
import { conditional, hasCondition, operandPair, summandsOf } from "./summands.ts";
import { cellOf, type Parts, sameKeys } from "./symbols.ts";
import { countOf } from "./translate.ts";

/**
 * Rule _sum bound_: a sum of terms that are never negative is at least what distinct cells count.
 * A cell counts only where its keys are in range, where it differs from all cells that count before
 * it, and, in the sum of a row, where it is of this row.
 */
export function sumRule(rules: Assumed, formula: Formula): Assumption | undefined {
  if (formula.operator !== "at-most") return undefined;
  const { symbols, naturalSums } = rules;
  const [counted, total] = operandPair(formula);
  for (const [place, { sum }] of symbols.sums.entries()) {
    const own = present(symbols.before.sums[place], "each sum has a symbol");
    const row = sum.row === undefined ? [] : [rowOf(total, own)];
    const isOf = row.length === 0 ? total === own : row[0] !== undefined;
    if (naturalSums[place] !== true || !isOf) continue;
    const needs: Formula[] = [];
    const lists: Parts[] = [];
    const isCounted = summandsOf(counted).every((summand) => {
      const cell = countedCell(rules, place, summand);
      if (cell === undefined) return false;
      const { keys, conditions } = cell;
      const { formulas } = symbols;
      const differs = lists.every((other) =>
        hasCondition(symbols, conditions, formulas.not(sameKeys(formulas, keys, other))),
      );
      const isInRow = row.every((key, part) => {
        const own = present(keys[part], "a row has a key");
        return key !== undefined && hasCondition(symbols, conditions, formulas.equal(key, own));
      });
      lists.push(keys);
      needs.push(...rangesOf(symbols, sum.map, keys).filter((one) => !conditions.has(one)));
      return differs && isInRow;
    });
    if (isCounted) return { isOfType: false, needs };
  }
  return undefined;
}

function rowOf(total: Formula, sums: Formula): Formula | undefined {
  const [array, row] = total.operator === "select" ? total.operands : [];
  return array === sums ? row : undefined;
}

/** Returns the cell whose count a summand is, with the conditions under which it counts. */
function countedCell(
  rules: Assumed,
  sumIndex: number,
  summand: Formula,
): { readonly keys: Parts; readonly conditions: ReadonlySet<Formula> } | undefined {
  const { symbols } = rules;
  const { sum } = present(symbols.sums[sumIndex], "the index of a sum");
  for (const { map, keys } of cellsIn(rules, summand)) {
    if (map !== sum.map) continue;
    const cell = cellOf(symbols, symbols.before, map, keys);
    const { count } = countOf(symbols, sum, { keys, cell });
    if (count === summand) return { keys, conditions: new Set() };
    const own = conditional(symbols, count);
    const given = conditional(symbols, summand);
    if (given.amount === count) return { keys, conditions: given.conditions };
    // What a condition leaves out is not negative.
    const isWhole = [...own.conditions].every((one) => given.conditions.has(one));
    if (given.amount === own.amount && isWhole) return { keys, conditions: given.conditions };
  }
  return undefined;
}
