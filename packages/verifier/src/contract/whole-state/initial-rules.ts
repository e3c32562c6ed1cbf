import { DivisionByZero } from "../../language/evaluate.ts";
import type { Span } from "../../obligation.ts";
import { printValue } from "../typed/print-value.ts";
import type { TypedContract, TypedExit, TypedRule } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import type { ContractValue } from "../typed/value-types.ts";
import { createWorkMeter, WORK_LIMITS, WorkExceeded } from "../work.ts";
import { lateAbsentClaim } from "./absent-claims.ts";
import { brokenRule, evaluateWhole, type WholeWorld } from "./evaluate-rules.ts";
import { initialState } from "./whole-state.ts";

/** Result of evaluating one invariant or exit on the state in which a contract is published. */
export interface InitialCheck {
  /** Rule, such as `invariant solvent`. */
  readonly subject: string;
  readonly label: string;
  readonly span: Span;
  /** Sentence on why the invariant or exit does not hold. Undefined if it holds. */
  readonly problem: string | undefined;
  /** Whether `problem` says that evaluating takes too much work. Absent: no. */
  readonly isUndecided?: true;
}

type About = Pick<InitialCheck, "subject" | "label" | "span">;

/**
 * Evaluates every invariant of a contract on its state at publication. Also checks that what is
 * owed in that state is due within the time that the exit states. All together take at most
 * `unitsMax` units of work; what exceeds them is undecided.
 */
export function checkInitialState(
  contract: TypedContract,
  unitsMax: number = WORK_LIMITS.initial,
): readonly InitialCheck[] {
  const state = initialState(contract);
  const { spend } = createWorkMeter(unitsMax);
  const world = { contract, before: state, now: state, spend };
  const rules = contract.invariants.map((rule): InitialCheck => {
    const label = `\`${rule.name}\` holds of the initial state`;
    const subject = `invariant ${rule.name}`;
    const common = { subject, label, span: rule.span };
    return withinLimit(common, () => ({ ...common, problem: problemOf(rule, world) }));
  });
  const exits = contract.exits.flatMap((exit) => lateClaim(exit, world) ?? []);
  return [...rules, ...exits];
}

/** Returns the result of a check, or that it takes too much work. */
function withinLimit(about: About, check: () => InitialCheck): InitialCheck {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof WorkExceeded)) throw error;
    const problem = `evaluating the rules in the initial state takes more than ${error.limit} units of work: declare fewer initial cells, or use fewer \`for each\` and sums in one rule`;
    return { ...about, problem, isUndecided: true };
  }
}

/** Returns a sentence on why an invariant does not hold. Undefined if it holds. */
function problemOf(rule: TypedRule, world: WholeWorld): string | undefined {
  const broken = brokenRule(rule, world);
  if (broken === undefined) return undefined;
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
  return `\`${rule.name}\` ${why} in the initial state${where}`;
}

/**
 * Checks that what an exit owes in the state at publication is due within the stated time. No call
 * creates these claims, so they are measured from time 0. Undefined if the exit states no time.
 */
function lateClaim(exit: TypedExit, world: WholeWorld): InitialCheck | undefined {
  const { name, span, after, within } = exit;
  if (after === undefined || within === undefined) return undefined;
  const label = `\`${name}\` is due within the stated time in the initial state`;
  const about = { subject: `exit ${name}`, label, span };
  return withinLimit(about, () => lateClaimOf({ ...exit, after, within }, world, about));
}

function lateClaimOf(
  exit: TypedExit & { readonly after: Typed; readonly within: Typed },
  world: WholeWorld,
  common: About,
): InitialCheck {
  const { name, forEach, condition, after, within } = exit;
  const { now: state } = world;
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
  const late = lateAbsentClaim(exit, world);
  if (late === undefined) return { ...common, problem: undefined };
  const when = late.due === undefined ? "at a time that is not decided" : `only after ${late.due}`;
  const most = late.most === undefined ? "" : `, and \`within\` allows ${late.most}`;
  const problem = `\`${name}\` may be owed for keys without a cell, and is then due ${when} in the initial state${most}: let its condition be false of an absent cell, or begin with an earlier time`;
  return { ...common, problem };
}
