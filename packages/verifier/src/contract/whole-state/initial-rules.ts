import { DivisionByZero } from "../../language/evaluate.ts";
import type { Span } from "../../obligation.ts";
import { printValue } from "../typed/print-value.ts";
import type { TypedContract, TypedExit } from "../typed/typed-contract.ts";
import type { ContractValue } from "../typed/value-types.ts";
import { lateAbsentClaim } from "./absent-claims.ts";
import { brokenRule, evaluateWhole } from "./evaluate-rules.ts";
import { initialState } from "./whole-state.ts";

/** Result of evaluating one invariant or exit on the state in which a contract is published. */
export interface InitialCheck {
  /** Rule, such as `invariant solvent`. */
  readonly subject: string;
  readonly label: string;
  readonly span: Span;
  /** Sentence on why the invariant or exit does not hold. Undefined if it holds. */
  readonly problem: string | undefined;
}

/**
 * Evaluates every invariant of a contract on its state at publication. Also checks that what is
 * owed in that state is due within the time that the exit states.
 */
export function checkInitialState(contract: TypedContract): readonly InitialCheck[] {
  const state = initialState(contract);
  const rules = contract.invariants.map((rule): InitialCheck => {
    const broken = brokenRule(rule, { contract, before: state, now: state });
    const label = `\`${rule.name}\` holds of the initial state`;
    const subject = `invariant ${rule.name}`;
    const common = { subject, label, span: rule.span };
    if (broken === undefined) return { ...common, problem: undefined };
    const types = new Map(
      rule.forEach.flatMap(({ binders }) => binders.map(({ name, type }) => [name, type] as const)),
    );
    const keys = [...broken.keys]
      .map(([name, value]) => {
        const type = types.get(name);
        return `${name} = ${type === undefined ? value : printValue(value, type)}`;
      })
      .join(", ");
    const where = keys === "" ? "" : ` for ${keys}`;
    const why = broken.fault === undefined ? "is false" : `has no value: ${broken.fault}`;
    const problem = `\`${rule.name}\` ${why} in the initial state${where}`;
    return { ...common, problem };
  });
  return [...rules, ...contract.exits.flatMap((exit) => lateClaim(contract, exit) ?? [])];
}

/**
 * Checks that what an exit owes in the state at publication is due within the stated time. No call
 * creates these claims, so they are measured from time 0. Undefined if the exit states no time.
 */
function lateClaim(contract: TypedContract, exit: TypedExit): InitialCheck | undefined {
  const { name, span, forEach, condition, after, within } = exit;
  if (after === undefined || within === undefined) return undefined;
  const state = initialState(contract);
  const world = { contract, before: state, now: state };
  const label = `\`${name}\` is due within the stated time in the initial state`;
  const common = { subject: `exit ${name}`, label, span };
  const cells =
    forEach === undefined
      ? [[]]
      : [...(state.maps.get(forEach.map)?.values() ?? [])].map(({ keys }) => keys);
  for (const keys of cells) {
    const locals = new Map<string, ContractValue>();
    forEach?.binders.forEach((binder, at) => {
      const key = keys[at];
      if (key !== undefined) locals.set(binder.name, key);
    });
    try {
      if (evaluateWhole(condition, world, locals) !== true) continue;
      const [due, most] = [after, within].map((typed) => evaluateWhole(typed, world, locals));
      if (typeof due === "bigint" && typeof most === "bigint" && due <= most) continue;
      const shown = keys.map((key, at) => {
        const binder = forEach?.binders[at];
        return binder === undefined ? key : `${binder.name} = ${printValue(key, binder.type)}`;
      });
      const where = keys.length === 0 ? "" : ` for ${shown.join(", ")}`;
      const problem = `\`${name}\` is due only after ${String(due)} in the initial state${where}, and \`within\` allows ${String(most)}`;
      return { ...common, problem };
    } catch (error) {
      if (!(error instanceof DivisionByZero)) throw error;
      return { ...common, problem: `\`${name}\` divides by zero in the initial state` };
    }
  }
  const late = lateAbsentClaim(contract, exit, state);
  if (late === undefined) return { ...common, problem: undefined };
  const when = late.due === undefined ? "at a time that is not decided" : `only after ${late.due}`;
  const most = late.most === undefined ? "" : `, and \`within\` allows ${late.most}`;
  const problem = `\`${name}\` may be owed for keys without a cell, and is then due ${when} in the initial state${most}: let its condition be false of an absent cell, or begin with an earlier time`;
  return { ...common, problem };
}
