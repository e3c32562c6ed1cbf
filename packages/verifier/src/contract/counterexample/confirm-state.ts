import type { About, CoveredPart } from "../encoder/about.ts";
import type { TypedContract, TypedExit, TypedRule } from "../typed/typed-contract.ts";
import type { StateRead } from "../typed/typed-expression.ts";
import type { ContractValue, FieldValue } from "../typed/value-types.ts";
import { defaultOf } from "../typed/values.ts";
import { brokenInvariants, evaluateWhole } from "../whole-state/evaluate-rules.ts";
import { cellOf } from "../whole-state/whole-state.ts";
import { type CountedState, claimAt, hasNoValue, spending } from "./exit-claim.ts";
import { type Names, showCell, showField } from "./names.ts";

/** State in which a statement about states alone is false, found without a call. */
export interface StateInQuestion extends CountedState {
  /** Keys for which the statement is looked at: one list for each map that it binds. */
  readonly keys: readonly (readonly FieldValue[])[];
  readonly names: Names;
}

/**
 * Evaluates a statement about the states of a contract, and returns a sentence on how it is false.
 * Uses nothing of the encoder. Undefined if it holds, or if no state breaks it by its form.
 */
export function falseInState(
  contract: TypedContract,
  about: About,
  of: StateInQuestion,
): string | undefined {
  switch (about.type) {
    case "absent-cell":
      return brokenWhereAbsent(contract, about, of);
    case "sum":
      return faultyTerm(contract, about, of);
    case "coverage":
      return brokenInvariants(contract, of.state, of.spend).length > 0
        ? undefined
        : uncoveredPart(contract, about, of);
    case "exit":
    case "no-coverage":
      return undefined;
  }
}

function brokenWhereAbsent(
  contract: TypedContract,
  { rule, head }: Extract<About, { type: "absent-cell" }>,
  { state, keys, names, spend }: StateInQuestion,
): string | undefined {
  const own = rule.forEach[head];
  const at = keys[head];
  if (own === undefined || at === undefined) return undefined;
  const map = contract.maps.find(({ name }) => name === own.map);
  const cell = { map: own.map, keys: at };
  if (map === undefined || !sameAs(cellOf(contract, state, cell), defaultOf(map.value))) {
    return undefined;
  }
  const where = `\`${showCell(contract, cell, names)}\` has no cell here`;
  try {
    const world = { contract, before: state, now: state, ...spending(spend) };
    if (evaluateWhole(rule.condition, world, localsOf(rule, keys)) === true) return undefined;
    return `${where}, and \`${rule.name}\` is false.`;
  } catch (error) {
    if (!hasNoValue(error)) throw error;
    return `${where}, and \`${rule.name}\` has no value: ${error.message}.`;
  }
}

function localsOf(
  { forEach }: TypedRule,
  keys: readonly (readonly FieldValue[])[],
): ReadonlyMap<string, ContractValue> {
  return new Map(
    forEach.flatMap(({ binders }, head) =>
      binders.flatMap(({ name }, at): [string, ContractValue][] => {
        const key = keys[head]?.[at];
        return key === undefined ? [] : [[name, key]];
      }),
    ),
  );
}

function sameAs(left: ContractValue, right: ContractValue): boolean {
  if (typeof left !== "object" || typeof right !== "object") return left === right;
  return left.every((part, at) => part === right[at]);
}

function faultyTerm(
  contract: TypedContract,
  { sum, part }: Extract<About, { type: "sum" }>,
  { state, keys: [keys = []], names, spend }: StateInQuestion,
): string | undefined {
  const map = contract.maps.find(({ name }) => name === sum.map);
  if (map === undefined) return undefined;
  const cell = { map: sum.map, keys };
  const shown = showCell(contract, cell, names);
  const value = part === "absent" ? defaultOf(map.value) : cellOf(contract, state, cell);
  const counted = countedOf(contract, sum, { state, keys, value, spend });
  if (typeof counted === "string") return `The sum has no value for \`${shown}\`: ${counted}.`;
  if (part === "defined" || counted === 0n) return undefined;
  return `The sum counts ${counted} for \`${shown}\`, which has no cell.`;
}

/** Returns what a sum counts of one cell, or the reason why that has no value. */
function countedOf(
  contract: TypedContract,
  sum: Extract<StateRead, { type: "sum" }>,
  of: {
    readonly keys: readonly FieldValue[];
    readonly value: ContractValue;
  } & CountedState,
): bigint | string {
  const { state, keys, value, spend } = of;
  const varying = sum.row === undefined ? keys : keys.slice(1);
  const own = sum.keys.flatMap((name, at): [string, ContractValue][] => {
    const key = varying[at];
    return key === undefined ? [] : [[name, key]];
  });
  const locals = new Map<string, ContractValue>([[sum.cell, value], ...own]);
  try {
    const world = { contract, before: state, now: state, ...spending(spend) };
    const counted = evaluateWhole(sum.term, world, locals);
    return typeof counted === "bigint" ? counted : 0n;
  } catch (error) {
    if (!hasNoValue(error)) throw error;
    return error.message;
  }
}

function uncoveredPart(
  contract: TypedContract,
  { asset, rule, parts, part }: Extract<About, { type: "coverage" }>,
  { state, keys: [keys = []], names, spend }: StateInQuestion,
): string | undefined {
  const amounts = parts.map((one) => amountOf(contract, one, { state, keys, spend }));
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  const [first] = parts;
  if (first === undefined) return undefined;
  if (part === "together") return owedTogether(contract, { asset, rule, total }, { state, spend });
  const place =
    first.value.type === "sum"
      ? showCell(contract, { map: first.value.map, keys }, names)
      : first.value.name;
  const counts = `\`${place}\` counts ${total} in \`${rule.name}\``;
  if (part === "sign")
    return total < 0n ? `${counts}, and no exit can owe less than 0.` : undefined;
  if (total === 0n) return undefined;
  const map = first.value.type === "sum" ? first.value.map : undefined;
  const exits = contract.exits.filter(
    (exit) => exit.keeping?.asset === asset && exit.forEach?.map === map,
  );
  if (exits.length === 0) {
    const what = map === undefined ? "without `for each`" : `over \`${map}\``;
    return `${counts}, and no exit ${what} keeps it.`;
  }
  const reasons = exits.map((exit) => shortfall(contract, exit, { state, keys, total, spend }));
  if (reasons.includes(undefined)) return undefined;
  return `${counts}, and no exit owes it: ${reasons.join(", ")}.`;
}

function owedTogether(
  contract: TypedContract,
  of: { readonly asset: string; readonly rule: TypedRule; readonly total: bigint },
  state: CountedState,
): string | undefined {
  const { asset, rule, total } = of;
  const exits = contract.exits.filter(
    (exit) => exit.keeping?.asset === asset && exit.forEach === undefined,
  );
  const owed = exits.reduce((sum, exit) => {
    const { holds, amount } = claimAt(contract, exit, [], state);
    return holds && amount > 0n ? sum + amount : sum;
  }, 0n);
  if (total <= owed) return undefined;
  const names = exits.map(({ name }) => `\`${name}\``).join(" and ");
  const verb = exits.length === 1 ? "owes" : "together owe";
  return `Scalars count ${total} together in \`${rule.name}\`, and ${names} ${verb} ${owed}.`;
}

/** Returns what a summand of a vault counts for some keys: 0 where its branch is not taken. */
export function amountOf(
  contract: TypedContract,
  { value, path }: CoveredPart,
  { state, keys, spend }: { readonly keys: readonly FieldValue[] } & CountedState,
): bigint {
  const world = { contract, before: state, now: state, ...spending(spend) };
  const isTaken = path.every((condition) => evaluateWhole(condition, world, new Map()) === true);
  if (!isTaken) return 0n;
  if (value.type === "scalar") {
    const own = evaluateWhole(value, world, new Map());
    return typeof own === "bigint" ? own : 0n;
  }
  const cell = cellOf(contract, state, { map: value.map, keys });
  const counted = countedOf(contract, value, { state, keys, value: cell, spend });
  return typeof counted === "bigint" ? counted : 0n;
}

/** Returns why an exit does not owe an amount for some keys; undefined if it does. */
function shortfall(
  contract: TypedContract,
  exit: TypedExit,
  of: {
    readonly keys: readonly FieldValue[];
    readonly total: bigint;
  } & CountedState,
): string | undefined {
  const { keys, total } = of;
  try {
    const { holds, amount } = claimAt(contract, exit, keys, of);
    if (!holds) return `the condition of \`${exit.name}\` is false`;
    return amount < total ? `\`${exit.name}\` keeps ${amount}` : undefined;
  } catch (error) {
    if (!hasNoValue(error)) throw error;
    return `\`${exit.name}\` has no value (${error.message})`;
  }
}

/** Returns the keys of a statement in the words of the source, by name. */
export function shownKeys(
  about: About,
  { keys, names }: StateInQuestion,
): readonly { readonly name: string; readonly value: string }[] {
  if (about.type !== "absent-cell") return [];
  return about.rule.forEach.flatMap(({ binders }, head) =>
    binders.flatMap(({ name, type }, at) => {
      const key = keys[head]?.[at];
      return key === undefined ? [] : [{ name, value: showField(key, type, names) }];
    }),
  );
}
