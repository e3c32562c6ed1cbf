import type { TypedRule } from "../typed/typed-contract.ts";
import type { Assumed, Assumption, Guess } from "./assumption.ts";
import { disjunctsOf, type Formula, present } from "./formulas.ts";
import { cellsIn, partsOf, rangesOf, termsIn } from "./keys-in.ts";
import type { Parts } from "./symbols.ts";
import { scopeOf, translateOne } from "./translate.ts";

/** Rule _instance_: an invariant holds of the state before, for keys that are in range. */
export function instancesOf(rules: Assumed, formula: Formula, guess: Guess): readonly Assumption[] {
  const { contract, formulas } = rules.symbols;
  const given = new Set([...disjunctsOf(formula), formulas.falsehood]);
  const found: Assumption[] = [];
  for (const rule of contract.invariants) {
    for (const lists of keyLists(rules, rule, { formula, guess })) {
      formulas.spend(UNITS_PER_TRY);
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

/** Units of work for trying an instance, in addition to those for making its formula. */
const UNITS_PER_TRY = 4;

/** Greatest number of lists of keys that are tried for one rule and one formula. */
const LISTS_MAX = 4_096;

/**
 * Returns the lists of keys of which a formula may be an instance. For each `for each` they are the
 * keys of the cells of its map that the formula reads, or any terms that stand in it. A key that
 * the rule does not depend on is 0, which is in the range of every type.
 */
function keyLists(
  rules: Assumed,
  rule: TypedRule,
  { formula, guess }: { readonly formula: Formula; readonly guess: Guess },
): readonly (readonly Parts[])[] {
  const zero = rules.symbols.formulas.integer(0n);
  const terms = guess === "cells" ? [zero] : [zero, ...termsIn(rules.symbols, formula)];
  const names = namesIn(rules, rule);
  let lists: readonly (readonly Parts[])[] = [[]];
  for (const { map, binders } of rule.forEach) {
    const read = cellsIn(rules, formula).flatMap((cell) => (cell.map === map ? [cell.keys] : []));
    const any = binders.reduce<readonly Parts[]>(
      (keys, { name }) =>
        joinedLists(
          keys,
          (names.has(name) ? terms : [zero]).map((one) => [one]),
        ),
      [[]],
    );
    const own = [...read, ...any];
    rules.symbols.formulas.spend(own.length);
    lists = joinedLists(
      lists,
      own.map((keys) => [keys]),
    );
  }
  rules.symbols.formulas.spend(lists.length);
  return lists;
}

/** Returns the first `LISTS_MAX` lists that begin with one of `left` and end with one of `right`. */
function joinedLists<T>(
  left: readonly (readonly T[])[],
  right: readonly (readonly T[])[],
): readonly (readonly T[])[] {
  const joined: (readonly T[])[] = [];
  for (const start of left) {
    for (const end of right) {
      if (joined.length >= LISTS_MAX) return joined;
      joined.push([...start, ...end]);
    }
  }
  return joined;
}

/** Returns the names of the keys that the formula of a rule depends on. */
function namesIn(rules: Assumed, rule: TypedRule): ReadonlySet<string> {
  const known = rules.names.get(rule);
  if (known !== undefined) return known;
  const { formulas } = rules.symbols;
  const keyOf = (name: string): Formula => formulas.symbol(`key ${name}`, "integer");
  const lists = rule.forEach.map(({ binders }) => binders.map(({ name }) => keyOf(name)));
  const parts = partsOf(instanceOf(rules, rule, lists));
  const all = rule.forEach.flatMap(({ binders }) => binders.map(({ name }) => name));
  const names = new Set(all.filter((name) => parts.has(keyOf(name))));
  rules.names.set(rule, names);
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
