import {
  add,
  and,
  atMost,
  choose,
  equal,
  implies,
  integer,
  less,
  not,
  or,
  symbol,
  truth,
} from "../../intent/build-term.ts";
import type { Span } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import type { TypedContract, TypedExit, TypedRule } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { About, CoveredPart } from "./about.ts";
import { type BoundKeys, sumTerm } from "./assumptions.ts";
import type { ContractTerms } from "./contract-terms.ts";
import { encodeTyped, mapNamed } from "./encode-typed.ts";
import { claimTerms } from "./exit-terms.ts";
import type { CallGoal } from "./symbolic-run.ts";
import { cellAt, sortOf, type Terms } from "./symbolic-state.ts";
import { forget } from "./touched.ts";

/** Goals that all holdings of a contract are owed to accounts that can get them by an exit. */
export interface CoverageGoals {
  readonly goals: readonly { readonly goal: CallGoal; readonly about: About }[];
  readonly bound: readonly BoundKeys[];
}

const zero = integer(0n);

/**
 * Amount of one asset that must be owed together. It is the part of an invariant's sum that one
 * place counts, or all scalars together.
 */
type Group =
  | {
      readonly type: "place" | "together";
      readonly asset: string;
      readonly rule: TypedRule;
      readonly parts: readonly CoveredPart[];
    }
  | { readonly type: "missing"; readonly asset: string };

/**
 * Returns the goals that a contract's holdings are covered, for each asset that it can hold and
 * that is not declared `uncovered`. An invariant must state that the vault holds a sum of map sums
 * and scalars. An exit must owe each of these to somebody.
 */
export function coverage(terms: ContractTerms): readonly CoverageGoals[] {
  const { contract } = terms;
  return groupsOf(contract).map((group) => {
    if (group.type === "missing") {
      const { asset } = group;
      const about = { type: "no-coverage", asset } as const;
      return { goals: [{ goal: missing(contract, asset), about }], bound: [] };
    }
    return group.type === "place" ? partGoals(terms, group) : togetherGoal(terms, group);
  });
}

/** Returns the statements of the goals that `coverage` returns, in their order. */
export function coverageStatements(contract: TypedContract): readonly About[] {
  return groupsOf(contract).flatMap((group): readonly About[] => {
    if (group.type === "missing") return [{ type: "no-coverage", asset: group.asset }];
    const { asset, rule, parts } = group;
    const about = { type: "coverage", asset, rule, parts } as const;
    if (group.type === "together") return [{ ...about, part: "together" }];
    return [
      ...parts.map((part) => ({ ...about, parts: [part], part: "sign" }) as const),
      { ...about, part: "owed" },
    ];
  });
}

function groupsOf(contract: TypedContract): readonly Group[] {
  const open = heldAssets(contract).filter(
    (asset) => !contract.uncovered.some((one) => one.asset === asset),
  );
  return open.flatMap((asset): readonly Group[] => {
    const found = contract.invariants.flatMap((rule) => {
      const parts = partsOf(rule, asset);
      return parts === undefined ? [] : [{ rule, parts }];
    });
    const [first] = found;
    if (first === undefined) return [{ type: "missing", asset }];
    const { rule, parts } = first;
    // Parts of one map, or of one scalar, are owed together.
    const places = new Set(parts.map(({ value }) => placeOf(value)));
    const scalars = parts.filter(({ value }) => value.type === "scalar");
    const several = new Set(scalars.map(({ value }) => placeOf(value))).size > 1;
    return [
      ...[...places].map((place): Group => {
        const own = parts.filter(({ value }) => placeOf(value) === place);
        return { type: "place", asset, rule, parts: own };
      }),
      ...(several ? [{ type: "together", asset, rule, parts: scalars } as const] : []),
    ];
  });
}

/**
 * Returns the goal that exits without `for each` together owe all that the scalars count: one exit
 * may owe as much as each of two scalars, and not both.
 */
function togetherGoal(
  terms: ContractTerms,
  of: { readonly asset: string; readonly rule: TypedRule; readonly parts: readonly CoveredPart[] },
): CoverageGoals {
  const { contract, before: state } = terms;
  const { asset, rule, parts } = of;
  const encode = encoderOf(terms);
  const counted = parts.map(({ value, path }) => {
    const amount = encode(value);
    return path.length === 0 ? amount : choose(and(...path.map(encode)), amount, zero);
  });
  const exits = contract.exits.filter(
    (exit) => exit.keeping?.asset === asset && exit.forEach === undefined,
  );
  const owed = exits.map((exit) => {
    const { condition, amount } = claimTerms(terms, exit, { keys: [], state });
    return choose(condition, choose(less(amount, zero), zero, amount), zero);
  });
  const label = `what scalars count in \`${rule.name}\` is owed by exits together`;
  const goal: CallGoal = {
    kind: "coverage",
    label,
    span: rule.span,
    facts: [],
    goal: atMost(add(zero, ...counted), add(zero, ...owed)),
  };
  return {
    goals: [{ goal, about: { type: "coverage", asset, rule, parts, part: "together" } }],
    bound: [],
  };
}

/** Returns a function that encodes expressions on the state before a call. */
function encoderOf({ contract, sums, before: state }: ContractTerms): (typed: Typed) => Term {
  const locals = new Map<string, Terms>();
  const encoding = { contract, sums, locals, before: state, now: state, touch: forget };
  return (typed) => encodeTyped(typed, encoding).terms[0] ?? zero;
}

function placeOf(value: CoveredPart["value"]): string {
  return value.type === "sum" ? `map ${value.map}` : `scalar ${value.name}`;
}

/** Returns the assets that intents of a contract put into its vault; empty for the native one. */
function heldAssets(contract: TypedContract): readonly string[] {
  const stored = contract.intents.flatMap((intent) =>
    intent.effect.flatMap((statement) =>
      statement.type === "store" && statement.target.type === "vault"
        ? [statement.target.asset]
        : [],
    ),
  );
  return [...new Set(stored)];
}

/**
 * Returns a goal that never holds, for an asset of which no invariant states what the vault holds.
 */
function missing(contract: TypedContract, asset: string): CallGoal {
  const vault = asset === "" ? "vault.balance" : `vault.balance[${asset}]`;
  const balance = asset === "" ? "balance" : `balance[${asset}]`;
  const label = `an invariant \`${vault} == ...\` says what the vault consists of, or it is \`uncovered ${balance}\``;
  const span: Span = contract.contract.name.span;
  return { kind: "coverage", label, span, facts: [], goal: not(truth) };
}

/**
 * Returns the summands of `E` if a rule has the form `vault.balance[asset] == E`. Undefined for
 * other rules.
 */
function partsOf(
  { forEach, condition }: TypedRule,
  asset: string,
): readonly CoveredPart[] | undefined {
  if (forEach.length > 0 || condition.type !== "binary" || condition.operator !== "==") {
    return undefined;
  }
  const isVault = (side: Typed): boolean => side.type === "vault" && side.asset === asset;
  const { left, right } = condition;
  if (isVault(left)) return addends(right, []);
  return isVault(right) ? addends(left, []) : undefined;
}

function addends(typed: Typed, path: readonly Typed[]): readonly CoveredPart[] | undefined {
  switch (typed.type) {
    case "sum":
      return typed.row === undefined ? [{ value: typed, path }] : undefined;
    case "scalar":
      return [{ value: typed, path }];
    case "literal":
      return typed.value === 0n ? [] : undefined;
    case "if": {
      const { condition, span } = typed;
      const then = addends(typed.consequent, [...path, condition]);
      const opposite: Typed = { type: "not", operand: condition, span };
      const otherwise = addends(typed.alternative, [...path, opposite]);
      return then === undefined || otherwise === undefined ? undefined : [...then, ...otherwise];
    }
    case "binary": {
      if (typed.operator !== "+") return undefined;
      const left = addends(typed.left, path);
      const right = addends(typed.right, path);
      return left === undefined || right === undefined ? undefined : [...left, ...right];
    }
    default:
      return undefined;
  }
}

function partGoals(
  terms: ContractTerms,
  of: { readonly asset: string; readonly rule: TypedRule; readonly parts: readonly CoveredPart[] },
): CoverageGoals {
  const { contract, sums, before: state } = terms;
  const { asset, rule, parts } = of;
  const [first] = parts;
  if (first === undefined) return { goals: [], bound: [] };
  const map = first.value.type === "sum" ? first.value.map : undefined;
  const keys: Terms =
    map === undefined
      ? []
      : mapNamed(contract, map).keys.map((type, at) => symbol(`.key.${at}`, sortOf(type)));
  const encode = encoderOf(terms);
  const amounts = parts.map(({ value, path }) => {
    const amount =
      value.type === "sum"
        ? sumTerm(value, keys, { contract, sums, state }, cellAt(state, value.map, keys))
        : encode(value);
    return path.length === 0 ? amount : choose(and(...path.map(encode)), amount, zero);
  });
  const exits = contract.exits.filter(
    (exit) =>
      exit.keeping?.asset === asset &&
      (map === undefined ? exit.forEach === undefined : exit.forEach?.map === map),
  );
  const name = first.value.type === "sum" ? first.value.map : first.value.name;
  const shown = { kind: "coverage", span: rule.span, facts: [] } as const;
  const about = { type: "coverage", asset, rule, parts } as const;
  const amount = add(...amounts);
  return {
    bound: map === undefined ? [] : [{ map, keys }],
    goals: [
      ...amounts.map((part, at) => ({
        goal: {
          ...shown,
          label: `what \`${name}\` counts in \`${rule.name}\` is not negative`,
          goal: atMost(zero, part),
        },
        about: { ...about, parts: parts.slice(at, at + 1), part: "sign" } as const,
      })),
      {
        goal: {
          ...shown,
          label: `what \`${name}\` counts in \`${rule.name}\` is owed by an exit`,
          goal: implies(not(equal(amount, zero)), owed(terms, exits, { keys, state, amount })),
        },
        about: { ...about, part: "owed" },
      },
    ],
  };
}

function owed(
  terms: ContractTerms,
  exits: readonly TypedExit[],
  {
    keys,
    state,
    amount,
  }: { readonly keys: Terms; readonly state: ContractTerms["before"]; readonly amount: Term },
): Term {
  const ways = exits.map((exit) => {
    const claim = claimTerms(terms, exit, { keys, state });
    return and(claim.condition, atMost(amount, claim.amount));
  });
  const [only, second] = ways;
  if (only === undefined) return not(truth);
  return second === undefined ? only : or(...ways);
}
