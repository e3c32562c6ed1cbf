import type { TypedRule } from "../typed/typed-contract.ts";
import { type Demand, isFact } from "./demand.ts";
import { conjunctsOf, disjunctsOf, type Formula, present, valueOf } from "./formulas.ts";
import {
  balanceOf,
  boundsOf,
  cellOf,
  inRange,
  mapOf,
  type Parts,
  type Symbols,
  sameKeys,
} from "./symbols.ts";
import { countOf, scopeOf, translateOne } from "./translate.ts";

/**
 * Rules by which a formula may be assumed of the state before a call, whatever the call is. A rule
 * is tried by making its instance and comparing: keys that are guessed from the formula itself can
 * only make the comparison fail.
 */
export interface Assumed {
  readonly symbols: Symbols;
  /** Sums whose terms are never negative, by their types or by a proof. */
  readonly naturalSums: readonly boolean[];
  readonly instances: Map<string, Formula>;
  readonly answers: Map<Formula, readonly Assumption[]>;
  readonly cells: Map<Formula, readonly CellRead[]>;
}

/** Formula that follows from a rule where all of `needs` hold. */
interface Assumption {
  readonly isOfType: boolean;
  readonly needs: readonly Formula[];
}

interface CellRead {
  readonly map: string;
  readonly keys: Parts;
}

/** Creates the rules. `shown` has the sums whose terms a proof keeps from being negative. */
export function createAssumed(symbols: Symbols, shown: ReadonlySet<number>): Assumed {
  const naturalSums = symbols.sums.map(({ isNatural }, place) => isNatural || shown.has(place));
  return {
    symbols,
    naturalSums,
    instances: new Map(),
    answers: new Map(),
    cells: new Map(),
  };
}

/** Tells whether a formula may be assumed where something is demanded. */
export function isAssumed(
  rules: Assumed,
  formula: Formula,
  { facts, assumes }: Pick<Demand, "facts" | "assumes">,
): boolean {
  const { truth } = rules.symbols.formulas;
  const holds = (one: Formula): boolean => one === truth || isFact(facts, one);
  const follows = (one: Formula): boolean => {
    if (holds(one)) return true;
    return answersOf(rules, one).some(
      ({ isOfType, needs }) => (isOfType || assumes === "state") && needs.every(holds),
    );
  };
  if (follows(formula)) return true;
  if (formula.operator === "and") {
    return formula.operands.every((one) => follows(one) || disjunctsOf(one).some(holds));
  }
  // What is weaker than a fact holds too.
  return disjunctsOf(formula).some(holds);
}

function answersOf(rules: Assumed, formula: Formula): readonly Assumption[] {
  const known = rules.answers.get(formula);
  if (known !== undefined) return known;
  const found = isRange(rules.symbols, formula)
    ? { isOfType: true, needs: [] }
    : (supplyRule(rules, formula) ?? sumRule(rules, formula));
  const answers = found === undefined ? instancesOf(rules, formula) : [found];
  rules.answers.set(formula, answers);
  return answers;
}

/** Rule _range_: a number of the state before is in the range of its type. */
function isRange({ readings }: Symbols, formula: Formula): boolean {
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

function operandPair({ operands }: Formula): readonly [Formula, Formula] {
  const [left, right] = operands;
  return [present(left, "a left operand"), present(right, "a right operand")];
}

/**
 * Rule _supply_: the vault and the holdings of distinct accounts add up to at most the supply. An
 * account counts only where it differs from all that count before it.
 */
function supplyRule({ symbols }: Assumed, formula: Formula): Assumption | undefined {
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

function summandsOf(total: Formula): readonly Formula[] {
  if (total.operator === "add") return total.operands;
  return valueOf(total) === 0n ? [] : [total];
}

/** Splits `if conditions then amount else 0`; other summands have no conditions. */
function conditional(
  { formulas }: Symbols,
  summand: Formula,
): { readonly amount: Formula; readonly conditions: ReadonlySet<Formula> } {
  const [condition, amount, otherwise] = summand.operator === "if" ? summand.operands : [];
  if (condition === undefined || amount === undefined || otherwise !== formulas.integer(0n)) {
    return { amount: summand, conditions: new Set() };
  }
  return { amount, conditions: new Set(conjunctsOf(condition)) };
}

/**
 * Rule _sum bound_: a sum of terms that are never negative is at least what distinct cells count.
 * A cell counts only where its keys are in range, where it differs from all cells that count before
 * it, and, in the sum of a row, where it is of this row.
 */
function sumRule(rules: Assumed, formula: Formula): Assumption | undefined {
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

/** Tells whether a formula is always true, or among some conditions. */
function hasCondition(
  { formulas }: Symbols,
  conditions: ReadonlySet<Formula>,
  formula: Formula,
): boolean {
  return formula === formulas.truth || conjunctsOf(formula).every((one) => conditions.has(one));
}

/** Returns the comparisons that say that keys of a map are in range. */
function rangesOf({ contract, formulas }: Symbols, map: string, keys: Parts): readonly Formula[] {
  const { keys: types } = mapOf(contract, map);
  return keys.flatMap((key, place) => {
    const range = inRange(formulas, present(types[place], "a key of each type"), key);
    return conjunctsOf(range).filter((one) => one !== formulas.truth);
  });
}

/** Rule _instance_: an invariant holds of the state before, for keys that are in range. */
function instancesOf(rules: Assumed, formula: Formula): readonly Assumption[] {
  const { contract, formulas } = rules.symbols;
  const given = new Set([...disjunctsOf(formula), formulas.falsehood]);
  const found: Assumption[] = [];
  for (const rule of contract.invariants) {
    for (const lists of keyLists(rules, rule, formula)) {
      const instance = instanceOf(rules, rule, lists);
      if (instance !== formula && !disjunctsOf(instance).every((one) => given.has(one))) continue;
      const ranges = rule.forEach.flatMap(({ map }, place) =>
        rangesOf(rules.symbols, map, lists[place] ?? []),
      );
      // Keys that are out of range may be excepted.
      const needs = ranges.filter((one) => !given.has(formulas.not(one)));
      found.push({ isOfType: false, needs });
      if (needs.length === 0) return found;
    }
  }
  return found;
}

/** Greatest number of lists of keys that are tried for one rule and one formula. */
const LISTS_MAX = 256;

/**
 * Returns the lists of keys of which a formula may be an instance. For each `for each` they are the
 * keys of the cells of its map that the formula reads, and 0, which is in the range of every type.
 * If the formula reads no such cell, they are any terms that it has as indexes or compares.
 */
function keyLists(
  rules: Assumed,
  { forEach }: TypedRule,
  formula: Formula,
): readonly (readonly Parts[])[] {
  const { contract, formulas } = rules.symbols;
  const zero = formulas.integer(0n);
  let lists: readonly (readonly Parts[])[] = [[]];
  for (const { map } of forEach) {
    const { length } = mapOf(contract, map).keys;
    const read = cellsIn(rules, formula).flatMap((cell) => (cell.map === map ? [cell.keys] : []));
    const single = read.length > 0 ? [zero] : [zero, ...termsIn(formula)];
    const any =
      length === 1
        ? single.map((key) => [key])
        : single.flatMap((first) => single.map((second) => [first, second]));
    const own = [...read, ...any];
    lists = lists.flatMap((list) => own.map((keys) => [...list, keys])).slice(0, LISTS_MAX);
  }
  return lists;
}

/** Returns the terms of a formula that are indexes of an array, or are compared. */
function termsIn(formula: Formula): readonly Formula[] {
  const found = new Set<Formula>();
  for (const { operator, operands } of partsOf(formula)) {
    if (operator === "select" && operands[1] !== undefined) found.add(operands[1]);
    if (operator === "at-most") for (const operand of operands) found.add(operand);
  }
  return [...found];
}

/** Returns all parts of a formula, the outermost first, each once. */
function partsOf(formula: Formula): ReadonlySet<Formula> {
  const seen = new Set<Formula>();
  const waiting = [formula];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    waiting.push(...next.operands.toReversed());
  }
  return seen;
}

function instanceOf(rules: Assumed, rule: TypedRule, lists: readonly Parts[]): Formula {
  const { symbols, instances } = rules;
  const id = `${rule.name} ${lists.map((keys) => keys.map((key) => key.id).join(" ")).join(";")}`;
  const known = instances.get(id);
  if (known !== undefined) return known;
  const locals = new Map<string, Parts>();
  rule.forEach.forEach(({ binders }, head) => {
    binders.forEach(({ name }, place) => {
      locals.set(name, [present(lists[head]?.[place], "a key of each name")]);
    });
  });
  const instance = translateOne(rule.condition, scopeOf(symbols, symbols.before, locals));
  instances.set(id, instance);
  return instance;
}

/** Returns the cells of the state before that a formula reads, the outermost first, each once. */
function cellsIn({ symbols, cells }: Assumed, formula: Formula): readonly CellRead[] {
  const known = cells.get(formula);
  if (known !== undefined) return known;
  const found = new Map<string, CellRead>();
  for (const part of partsOf(formula)) {
    const read = cellRead(symbols, part);
    if (read === undefined) continue;
    const id = `${read.map} ${read.keys.map((key) => key.id).join(" ")}`;
    if (!found.has(id)) found.set(id, read);
  }
  const reads = [...found.values()];
  cells.set(formula, reads);
  return reads;
}

function cellRead({ before, contract }: Symbols, formula: Formula): CellRead | undefined {
  const keys: Formula[] = [];
  let base = formula;
  while (base.operator === "select") {
    const [array, index] = operandPair(base);
    keys.unshift(index);
    base = array;
  }
  if (keys.length === 0 || base.operator !== "symbol") return undefined;
  for (const { name, keys: types } of contract.maps) {
    const isOf = types.length === keys.length && before.maps.get(name)?.includes(base);
    if (isOf === true) return { map: name, keys };
  }
  return undefined;
}
