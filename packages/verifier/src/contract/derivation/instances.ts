import type { TypedRule } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { Assumed, Assumption, Guess } from "./assumption.ts";
import { disjunctsOf, type Formula, present } from "./formulas.ts";
import { cellsIn, rangesOf, termsIn } from "./keys-in.ts";
import { operandsOf } from "./sums.ts";
import type { Parts } from "./symbols.ts";
import { scopeOf, translateOne } from "./translate.ts";

/** Rule _instance_: an invariant holds of the state before, for keys that are in range. */
export function instancesOf(rules: Assumed, formula: Formula, guess: Guess): readonly Assumption[] {
  const { contract, formulas } = rules.symbols;
  const given = new Set([...disjunctsOf(formula), formulas.falsehood]);
  const found: Assumption[] = [];
  for (const rule of contract.invariants) {
    for (const lists of keyLists(rules, rule, { formula, guess })) {
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
const LISTS_MAX = 1_024;

/**
 * Returns the lists of keys of which a formula may be an instance. For each `for each` they are the
 * keys of the cells of its map that the formula reads, or any terms that stand in it. A key that
 * the rule does not mention is 0, which is in the range of every type.
 */
function keyLists(
  rules: Assumed,
  { forEach, condition }: TypedRule,
  { formula, guess }: { readonly formula: Formula; readonly guess: Guess },
): readonly (readonly Parts[])[] {
  const zero = rules.symbols.formulas.integer(0n);
  const terms = guess === "cells" ? [zero] : [zero, ...termsIn(formula)];
  const mentioned = localsIn(condition);
  let lists: readonly (readonly Parts[])[] = [[]];
  for (const { map, binders } of forEach) {
    const read = cellsIn(rules, formula).flatMap((cell) => (cell.map === map ? [cell.keys] : []));
    const any = binders.reduce<readonly Parts[]>(
      (keys, { name }) =>
        keys.flatMap((list) => (mentioned.has(name) ? terms : [zero]).map((one) => [...list, one])),
      [[]],
    );
    const own = [...read, ...any];
    lists = lists.flatMap((list) => own.map((keys) => [...list, keys])).slice(0, LISTS_MAX);
  }
  return lists;
}

/** Returns the names of the locals that an expression mentions, outside of terms of sums. */
function localsIn(typed: Typed): ReadonlySet<string> {
  const names = new Set<string>();
  const waiting = [typed];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.type === "local") names.add(next.name);
    waiting.push(...operandsOf(next));
  }
  return names;
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
