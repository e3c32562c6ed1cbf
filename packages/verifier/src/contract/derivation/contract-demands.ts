import type { TypedContract, TypedExit, TypedRule } from "../typed/typed-contract.ts";
import type { StateRead, Typed } from "../typed/typed-expression.ts";
import { freshKeys } from "./call-demands.ts";
import { createHistory, type Demand, factsOf } from "./demand.ts";
import { claimOf } from "./exit-claims.ts";
import { type Formula, present } from "./formulas.ts";
import type { SumRead } from "./sums.ts";
import {
  at,
  cellOf,
  defaultParts,
  inRange,
  mapOf,
  type Parts,
  type State,
  type Symbols,
  sortOf,
  withElement,
} from "./symbols.ts";
import { countOf, scopeOf, translateOne } from "./translate.ts";

/** Returns a demand about a contract in any state, without a call. */
function always(
  { contract }: Symbols,
  what: Pick<Demand, "kind" | "rule" | "goal" | "assumes">,
  facts: readonly Formula[],
): Demand {
  return { ...what, intent: contract.name, facts: factsOf(createHistory(), facts) };
}

/** Keys that stand for any cell of a map. */
function anyCell(
  { contract, formulas }: Symbols,
  map: string,
): { readonly keys: Parts; readonly ranges: readonly Formula[] } {
  const types = mapOf(contract, map).keys;
  const keys = types.map((type, place) => formulas.symbol(`.key.${place}`, sortOf(type)));
  const ranges = keys.map((key, place) =>
    inRange(formulas, present(types[place], "a key of each type"), key),
  );
  return { keys, ranges };
}

/** `ground`: rules hold of absent cells, and absent cells count nothing. */
export function groundDemands(symbols: Symbols): readonly Demand[] {
  const { contract, sums } = symbols;
  return [
    ...contract.invariants.flatMap((rule) => absentCells(symbols, rule)),
    ...sums.flatMap(({ sum }) => countsOfCells(symbols, sum)),
  ];
}

/** Whatever the rest of the state is, a rule holds where the cell of one `for each` is absent. */
function absentCells(symbols: Symbols, { name, forEach, condition }: TypedRule): readonly Demand[] {
  const { contract, formulas, before } = symbols;
  const { lists, locals, ranges } = freshKeys(symbols, forEach);
  return forEach.map(({ map }, place) => {
    const keys = present(lists[place], "keys of each `for each`");
    const nothing = defaultParts(formulas, mapOf(contract, map).value);
    const arrays = at(before.maps, map).map((array, part) =>
      withElement(formulas, array, keys, present(nothing[part], "a default has all fields")),
    );
    const state: State = { ...before, maps: new Map(before.maps).set(map, arrays) };
    const goal = translateOne(condition, scopeOf(symbols, state, locals));
    const rule = `\`${name}\` of absent cells of \`${map}\``;
    return always(symbols, { kind: "ground", rule, goal, assumes: "types" }, ranges);
  });
}

/** The term of a sum has a value for every cell, and is 0 for an absent one. */
function countsOfCells(symbols: Symbols, sum: SumRead): readonly Demand[] {
  const { contract, formulas, before } = symbols;
  const { map } = sum;
  const { keys, ranges } = anyCell(symbols, map);
  const { checks } = countOf(symbols, sum, { keys, cell: cellOf(symbols, before, map, keys) });
  const nothing = defaultParts(formulas, mapOf(contract, map).value);
  const { count } = countOf(symbols, sum, { keys, cell: nothing });
  const common = { kind: "ground", assumes: "types" } as const;
  const rule = `the sum over \`${map}\``;
  return [
    ...checks.map(({ what, path, goal }) =>
      always(symbols, { ...common, rule: `${rule}: ${what}`, goal }, [...ranges, ...path]),
    ),
    always(
      symbols,
      {
        ...common,
        rule: `${rule} counts nothing for an absent cell`,
        goal: formulas.equal(count, formulas.integer(0n)),
      },
      ranges,
    ),
  ];
}

/** `ground`: the invariants keep the term of a sum from being negative, for any cell. */
export function signDemand(symbols: Symbols, sum: SumRead): Demand {
  const { formulas, before } = symbols;
  const { map } = sum;
  const { keys, ranges } = anyCell(symbols, map);
  const { count } = countOf(symbols, sum, { keys, cell: cellOf(symbols, before, map, keys) });
  const goal = formulas.atMost(formulas.integer(0n), count);
  const rule = `the sum over \`${map}\` counts nothing negative`;
  return always(symbols, { kind: "ground", rule, goal, assumes: "state" }, ranges);
}

/** Summand of what a vault holds, with the conditions of the branches around it. */
interface Addend {
  readonly value: SumRead | Extract<StateRead, { type: "scalar" }>;
  readonly path: readonly Typed[];
}

/** `coverage`: what intents put into the vault is owed by exits, or declared `uncovered`. */
export function coverageDemands(symbols: Symbols): readonly Demand[] {
  const { contract, formulas } = symbols;
  return assetsPutIn(contract).flatMap((asset) => {
    if (contract.uncovered.some((one) => one.asset === asset)) return [];
    for (const rule of contract.invariants) {
      const addends = addendsOf(rule, asset);
      if (addends === undefined) continue;
      // What is counted of one map, or of one scalar, is owed together.
      const groups = Map.groupBy(addends, ({ value }) =>
        value.type === "sum" ? `map ${value.map}` : `scalar ${value.name}`,
      );
      const scalars = addends.filter(({ value }) => value.type === "scalar");
      const names = new Set(
        scalars.flatMap(({ value }) => (value.type === "scalar" ? value.name : [])),
      );
      return [
        ...[...groups.values()].flatMap((own) =>
          owedDemands(symbols, { asset, rule: rule.name, addends: own }),
        ),
        ...(names.size > 1
          ? [togetherDemand(symbols, { asset, rule: rule.name, addends: scalars })]
          : []),
      ];
    }
    const rule = `no invariant says what \`vault.balance[${asset}]\` consists of`;
    const goal = formulas.falsehood;
    return [always(symbols, { kind: "coverage", rule, goal, assumes: "state" }, [])];
  });
}

function assetsPutIn({ intents }: TypedContract): readonly string[] {
  const assets = new Set<string>();
  for (const { effect } of intents) {
    for (const statement of effect) {
      if (statement.type === "store" && statement.target.type === "vault") {
        assets.add(statement.target.asset);
      }
    }
  }
  return [...assets];
}

/** Returns the summands of E of an invariant `vault.balance[asset] == E`. */
function addendsOf(
  { forEach, condition }: TypedRule,
  asset: string,
): readonly Addend[] | undefined {
  if (forEach.length > 0 || condition.type !== "binary" || condition.operator !== "==") {
    return undefined;
  }
  const { left, right } = condition;
  if (left.type === "vault" && left.asset === asset) return addends(right, []);
  return right.type === "vault" && right.asset === asset ? addends(left, []) : undefined;
}

function addends(typed: Typed, path: readonly Typed[]): readonly Addend[] | undefined {
  const both = (
    left: readonly Addend[] | undefined,
    right: readonly Addend[] | undefined,
  ): readonly Addend[] | undefined =>
    left === undefined || right === undefined ? undefined : [...left, ...right];
  switch (typed.type) {
    case "sum":
      return typed.row === undefined ? [{ value: typed, path }] : undefined;
    case "scalar":
      return [{ value: typed, path }];
    case "literal":
      return typed.value === 0n ? [] : undefined;
    case "if": {
      const { condition, consequent, alternative, span } = typed;
      return both(
        addends(consequent, [...path, condition]),
        addends(alternative, [...path, { type: "not", operand: condition, span }]),
      );
    }
    case "binary":
      if (typed.operator !== "+") return undefined;
      return both(addends(typed.left, path), addends(typed.right, path));
    default:
      return undefined;
  }
}

/** Returns the demand that exits without keys together owe what several scalars count. */
function togetherDemand(
  symbols: Symbols,
  of: { readonly asset: string; readonly rule: string; readonly addends: readonly Addend[] },
): Demand {
  const { contract, formulas, before } = symbols;
  const zero = formulas.integer(0n);
  const scope = scopeOf(symbols, before, new Map());
  const counted = of.addends.map(({ value, path }) => {
    const conditions = path.map((one) => translateOne(one, scope));
    return formulas.choose(formulas.and(conditions), translateOne(value, scope), zero);
  });
  const claims = contract.exits
    .filter((exit) => exit.keeping?.asset === of.asset && exit.forEach === undefined)
    .map((exit) => {
      const { condition, amount } = claimOf(symbols, exit, before, []);
      const owed = formulas.choose(formulas.less(amount, zero), zero, amount);
      return formulas.choose(condition, owed, zero);
    });
  const goal = formulas.atMost(formulas.add(counted), formulas.add(claims));
  const rule = `\`${of.rule}\`: exits owe together what scalars count`;
  return always(symbols, { kind: "coverage", rule, goal, assumes: "state" }, []);
}

function owedDemands(
  symbols: Symbols,
  of: { readonly asset: string; readonly rule: string; readonly addends: readonly Addend[] },
): readonly Demand[] {
  const { contract, formulas, before } = symbols;
  const zero = formulas.integer(0n);
  const [{ value: first }] = [present(of.addends[0], "a group has an addend")];
  const map = first.type === "sum" ? first.map : undefined;
  const { keys, ranges } = map === undefined ? { keys: [], ranges: [] } : anyCell(symbols, map);
  const scope = scopeOf(symbols, before, new Map());
  const amounts = of.addends.map(({ value, path }) => {
    const amount =
      value.type === "sum"
        ? countOf(symbols, value, { keys, cell: cellOf(symbols, before, value.map, keys) }).count
        : translateOne(value, scope);
    const conditions = path.map((one) => translateOne(one, scope));
    return formulas.choose(formulas.and(conditions), amount, zero);
  });
  const all = formulas.add(amounts);
  const owes = (exit: TypedExit): boolean =>
    exit.keeping?.asset === of.asset && exit.forEach?.map === map;
  const ways = contract.exits.filter(owes).map((exit) => {
    const claim = claimOf(symbols, exit, before, keys);
    return formulas.and([claim.condition, formulas.atMost(all, claim.amount)]);
  });
  const demand = (rule: string, goal: Formula): Demand =>
    always(symbols, { kind: "coverage", rule: `\`${of.rule}\`: ${rule}`, goal, assumes: "state" }, [
      ...ranges,
    ]);
  return [
    ...amounts.map((amount) => demand("an addend is not negative", formulas.atMost(zero, amount))),
    demand("an exit owes what is counted", formulas.or([formulas.equal(all, zero), ...ways])),
  ];
}
