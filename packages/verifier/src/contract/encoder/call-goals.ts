import {
  add,
  atMost,
  equal,
  integer,
  not,
  select,
  subtract,
  truth,
} from "../../intent/build-term.ts";
import { type Span } from "../../obligation.ts";
import { type Term } from "../../term.ts";
import { type TypedMap, type TypedRule } from "../typed/typed-contract.ts";
import { type BoundKeys, boundFacts, ruleLocals } from "./assumptions.ts";
import { anyone, emptyBefore, freshRuleKeys } from "./contract-obligation.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { type Encoding, encodeTyped, signedTerm } from "./encode-typed.ts";
import { type SymbolicCall } from "./symbolic-call.ts";
import { type CallGoal, definedGoal, isKnown } from "./symbolic-run.ts";
import { cellAt, holdingKey, lookUp, type SymbolicState } from "./symbolic-state.ts";
import type { Touched } from "./touched.ts";
import { noneTerm } from "./type-terms.ts";

/**
 * Returns the goals that a call keeps the total holdings of each asset, including those of the
 * vault.
 */
export function conservation({ contract }: ContractTerms, call: SymbolicCall): readonly CallGoal[] {
  const span = call.intent.span;
  return ["", ...contract.assets.map((asset) => asset.name)].flatMap((name): CallGoal[] => {
    const deltas = call.deltas.get(name);
    const isOwn = contract.assets.some((asset) => asset.name === name && asset.isOwn);
    const supplyBefore = isOwn ? lookUp(call.before.supplies, name) : integer(0n);
    const supplyAfter = isOwn ? lookUp(call.after.supplies, name) : integer(0n);
    if (deltas === undefined && supplyBefore === supplyAfter) return [];
    const change = isOwn ? subtract(supplyAfter, supplyBefore) : integer(0n);
    const shown = name === "" ? "all holdings" : `all holdings of \`${name}\``;
    return [
      {
        kind: "conservation",
        label: isOwn
          ? `${shown} change by as much as the supply`
          : `the sum of ${shown} is unchanged`,
        span,
        facts: call.facts,
        goal: equal(add(integer(0n), ...(deltas ?? [])), change),
      },
    ];
  });
}

/** Returns the goals that the holdings of an account do not fall unless it signs the call. */
export function authority(call: SymbolicCall): readonly CallGoal[] {
  return [...call.before.holdings].flatMap(([key, array]): CallGoal[] => {
    const after = lookUp(call.after.holdings, key);
    if (after === array) return [];
    return [
      {
        kind: "authority",
        label: `no account's \`${key}\` decreases unless it signs`,
        span: call.intent.span,
        facts: [...call.facts, not(signedTerm(anyone))],
        goal: atMost(select(array, anyone), select(after, anyone)),
      },
    ];
  });
}

/**
 * Returns the goals that a call keeps the `claim` and `debt` promises of a contract's maps. They
 * are stated for an arbitrary account that did not sign the call.
 */
export function claims(
  { contract }: ContractTerms,
  call: SymbolicCall,
): readonly { readonly goal: CallGoal; readonly bound: readonly BoundKeys[] }[] {
  const kept = contract.maps.filter(
    ({ promise }) => promise !== undefined && !promise.unless.includes(call.intent.name),
  );
  const cell = (state: SymbolicState, map: TypedMap): Term =>
    cellAt(state, map.name, [anyone])[0] ?? integer(0n);
  const bound = kept.map(({ name }): BoundKeys => ({ map: name, keys: [anyone] }));
  const facts = [...call.facts, not(signedTerm(anyone)), not(equal(anyone, noneTerm))];
  const goal = (span: Span, label: string, formula: Term): CallGoal => ({
    kind: "claim",
    label,
    span,
    facts,
    goal: formula,
  });
  const single = kept.flatMap((map) => {
    const { promise, name } = map;
    if (promise === undefined || (promise.kind === "claim" && promise.asset !== undefined))
      return [];
    const [old, now] = [cell(call.before, map), cell(call.after, map)];
    const isDebt = promise.kind === "debt";
    const label = isDebt
      ? `a cell of \`${name}\` rises only if its account signs`
      : `a cell of \`${name}\` falls only if its account signs`;
    return [goal(promise.span, label, isDebt ? atMost(now, old) : atMost(old, now))];
  });
  const assets = new Set(
    kept.flatMap(({ promise }) =>
      promise?.kind === "claim" && promise.asset !== undefined ? [promise.asset] : [],
    ),
  );
  const paid = [...assets].map((asset) => {
    const maps = kept.filter(({ promise }) => promise?.kind === "claim" && promise.asset === asset);
    const lost = maps.map((map) => subtract(cell(call.before, map), cell(call.after, map)));
    const key = holdingKey("balance", asset);
    const rise = subtract(
      select(lookUp(call.after.holdings, key), anyone),
      select(lookUp(call.before.holdings, key), anyone),
    );
    const names = maps.map((map) => `\`${map.name}\``).join(" and ");
    const label = `what a cell of ${names} loses is paid to its account, unless it signs`;
    return goal(maps[0]?.span ?? call.intent.span, label, atMost(add(integer(0n), ...lost), rise));
  });
  return [...single, ...paid].map((one) => ({ goal: one, bound }));
}

/** Returns the goals that a call preserves the invariants and obeys the transitions. */
export function rulesOf(
  terms: ContractTerms,
  call: SymbolicCall,
): readonly {
  readonly goals: readonly CallGoal[];
  readonly bound: readonly BoundKeys[];
  readonly rule: TypedRule;
  readonly touched: Touched;
}[] {
  const { contract, sums } = terms;
  const rules = [
    ...contract.invariants.map((rule) => ({ rule, kind: "invariant" as const })),
    ...contract.transitions.map((rule) => ({ rule, kind: "transition" as const })),
  ];
  return rules.map(({ rule, kind }) => {
    const bound = freshRuleKeys(rule);
    // What the rule reads is no place that the call touches.
    const touched = call.touched.copy();
    const encoding: Encoding = {
      contract,
      sums,
      locals: ruleLocals(
        rule,
        bound.map((one) => one.keys),
      ),
      before: call.before,
      now: call.after,
      touch: touched.touch,
    };
    const { terms: parts, checks } = encodeTyped(rule.condition, encoding);
    const own = boundFacts({ ...emptyBefore(terms), bound });
    const defined = checks
      .filter((check) => !isKnown(check, [...own, ...call.facts]))
      .map((check) => definedGoal(check, call.facts));
    const label = kind === "invariant" ? `\`${rule.name}\` is kept` : `\`${rule.name}\` holds`;
    const goal = parts[0] ?? truth;
    return {
      goals: [...defined, { kind, label, span: rule.span, facts: call.facts, goal }],
      bound,
      rule,
      touched,
    };
  });
}
