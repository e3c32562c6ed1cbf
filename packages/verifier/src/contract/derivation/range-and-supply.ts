import type { Assumed, Assumption } from "./assumption.ts";
import { type Formula, present, valueOf } from "./formulas.ts";
import { conditional, hasCondition, operandPair, summandsOf } from "./summands.ts";
import { balanceOf, boundsOf, type Symbols } from "./symbols.ts";

/** Rule _range_: a number of the state before is in the range of its type. */
export function isRange({ readings }: Symbols, formula: Formula): boolean {
  if (formula.operator !== "at-most") return false;
  const [left, right] = operandPair(formula);
  const [least, most] = [valueOf(left), valueOf(right)];
  const bounds = (reading: Formula): readonly [bigint, bigint] | undefined => {
    let base = reading;
    while (base.operator === "select") base = operandPair(base)[0];
    const type = readings.get(base);
    return type === undefined ? undefined : boundsOf(type);
  };
  if (least !== undefined) {
    const own = bounds(right);
    return own !== undefined && least <= own[0];
  }
  const own = most === undefined ? undefined : bounds(left);
  return own !== undefined && most !== undefined && own[1] <= most;
}

/**
 * Rule _supply_: the vault and the holdings of distinct accounts add up to at most the supply. An
 * account counts only where it differs from all that count before it.
 */
export function supplyRule({ symbols }: Assumed, formula: Formula): Assumption | undefined {
  if (formula.operator !== "at-most") return undefined;
  const { formulas, before } = symbols;
  const [total, supply] = operandPair(formula);
  for (const [asset, vault] of before.vaults) {
    const most = asset === "" ? undefined : before.supplies.get(asset);
    if (most === undefined ? !isAtLeastSupply(supply) || asset !== "" : supply !== most) continue;
    const names = asset === "" ? ["balance", "stake"] : [balanceOf(asset)];
    const arrays = names.map((name) => present(before.holdings.get(name), "holdings of an asset"));
    const held = (account: Formula): Formula =>
      formulas.add(arrays.map((array) => formulas.select(array, account)));
    const accounts: Formula[] = [];
    let hasVault = false;
    const isCounted = summandsOf(total).every((summand) => {
      if (summand === vault && !hasVault) {
        hasVault = true;
        return true;
      }
      const { amount, conditions } = conditional(symbols, summand);
      const account = accountIn(amount);
      if (account === undefined || held(account) !== amount) return false;
      const differs = accounts.every((other) =>
        hasCondition(symbols, conditions, formulas.not(formulas.equal(account, other))),
      );
      accounts.push(account);
      return differs;
    });
    if (isCounted) return { isOfType: false, needs: [] };
  }
  return undefined;
}

/** The native supply is at most 2^64-1. */
function isAtLeastSupply(supply: Formula): boolean {
  const [, most] = present(boundsOf({ kind: "amount" }), "amounts have bounds");
  return (valueOf(supply) ?? 0n) >= most;
}

function accountIn(amount: Formula): Formula | undefined {
  const read = amount.operator === "add" ? amount.operands[0] : amount;
  return read?.operator === "select" ? read.operands[1] : undefined;
}
