import type { Obligation } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import { add, atMost, equal, integer, subtract } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { assignmentsOf } from "../compiled/touched.ts";
import { type StateTerms, supplyIn } from "./state-terms.ts";

/** Goal of one conservation obligation, with its label. */
export interface ConservationGoal {
  readonly label: string;
  readonly goal: Term;
}

/**
 * Parts of a symbolic run from which the conservation goals are built. `deltas` has the amounts
 * that each store (executed assignment) added, by asset; the native asset is `""`.
 */
export interface ConservationRun {
  readonly intent: CompiledIntent;
  readonly before: StateTerms;
  readonly now: StateTerms;
  readonly deltas: ReadonlyMap<string, readonly Term[]>;
}

/**
 * Builds the goals of conservation. The sum over all accounts changes by the sum of the amounts
 * that the stores added, even if several parameters name one account. For each asset this change
 * must be 0. If the intent writes the supply of the asset, the change must instead equal the change
 * of the supply. A supply may only move in the direction that the intent declares (`issue` or
 * `burn`).
 */
export function conservationGoals(run: ConservationRun): readonly ConservationGoal[] {
  const { intent, deltas } = run;
  const deltaOf = (asset: string): Term => add(...(deltas.get(asset) ?? []));
  const goals = [{ label: sumLabel(intent, ""), goal: equal(deltaOf(""), integer(0n)) }];
  for (const { name } of intent.assets) {
    if (!storesSupply(intent, name)) {
      if (!deltas.has(name)) continue;
      goals.push({ label: sumLabel(intent, name), goal: equal(deltaOf(name), integer(0n)) });
      continue;
    }
    const [before, after] = [supplyIn(run.before, name), supplyIn(run.now, name)];
    const sum = equal(deltaOf(name), subtract(after, before));
    const issues = intent.intent.supply === "issue";
    const direction = issues ? atMost(before, after) : atMost(after, before);
    goals.push({ label: sumLabel(intent, name), goal: sum });
    goals.push({ label: directionLabel(intent, name), goal: direction });
  }
  return goals;
}

/** Returns the asset of a conservation obligation; `""` for the native asset. */
export function conservedAsset(intent: CompiledIntent, { label }: Obligation): string {
  const names = intent.assets.map((asset) => asset.name);
  const about = (name: string): boolean =>
    label === sumLabel(intent, name) || label === directionLabel(intent, name);
  return names.find(about) ?? "";
}

/** Returns the label of the obligation that a supply moves only in the declared direction. */
export function directionLabel(intent: CompiledIntent, asset: string): string {
  const verb = intent.intent.supply === "issue" ? "fall" : "rise";
  return `the supply of \`${asset}\` does not ${verb}`;
}

function sumLabel(intent: CompiledIntent, asset: string): string {
  if (asset === "") return "the sum of all holdings is unchanged";
  return storesSupply(intent, asset)
    ? `the holdings of \`${asset}\` change by as much as its supply`
    : `the sum of all holdings of \`${asset}\` is unchanged`;
}

function storesSupply(intent: CompiledIntent, asset: string): boolean {
  return assignmentsOf(intent).some(
    ({ target }) => target.type === "supply" && target.asset.text === asset,
  );
}
