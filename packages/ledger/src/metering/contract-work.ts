import { UNITS } from "@aethel/models";
import type { Place, TypedIntent } from "@aethel/verifier";
import { GROWTH } from "./growth.ts";
import type { SureWork } from "./least-run.ts";

/** Most that one call of an intent of a contract can add to the state. */
export interface IntentGrowth {
  /** Bytes of keys and values, with those that settling the fee can add. */
  readonly growth: number;
  /** Number of accounts and holdings. */
  readonly entries: number;
  /** Bytes of keys and values of cells. */
  readonly cellBytes: number;
}

/**
 * Computes the most that one call of an intent can add to the state: each store creates at most one
 * account, holding or cell. Stores with the same names in their places are to one place. Scalars,
 * vaults and supplies exist since the publication. `cellBytes`: bytes of a cell of a map.
 */
export function growthOfIntent(
  { effect }: TypedIntent,
  cellBytes: (map: string) => number,
): IntentGrowth {
  const sum = { growth: GROWTH.settlement, entries: 0, cellBytes: 0 };
  const named = new Set<string>();
  for (const statement of effect) {
    if (statement.type !== "store") continue;
    const { target } = statement;
    const name = nameOf(target);
    if (name !== undefined && named.has(name)) continue;
    if (name !== undefined) named.add(name);
    if (target.type === "cell") sum.cellBytes += cellBytes(target.map);
    if (target.type !== "holding") continue;
    sum.entries += 1;
    sum.growth += target.asset === "" ? GROWTH.account : GROWTH.holding;
  }
  return { ...sum, growth: sum.growth + sum.cellBytes };
}

/**
 * Returns a text that is equal for stores to one place. Undefined if the place depends on more than
 * names, which have one value in a call.
 */
function nameOf(target: Place): string | undefined {
  if (target.type !== "cell" && target.type !== "holding") return undefined;
  const parts = target.type === "cell" ? target.keys : [target.account];
  const names = parts.map((part) => (part.type === "local" ? part.name : undefined));
  return names.includes(undefined) ? undefined : `${groupOf(target)} ${names.join(" ")}`;
}

/**
 * Computes the least work of every complete call of an intent: one node for each clause and
 * statement, and one store for each asset, scalar and map that it stores to, since stores to two
 * cells of one map may be to the same cell.
 */
export function sureWorkOfIntent(intent: TypedIntent): SureWork {
  const run = intent.effect.filter(({ type }) => type !== "assert");
  const clauses = intent.lets.length + intent.guard.length + run.length;
  const places = new Set(
    run.flatMap((statement) => (statement.type === "store" ? [groupOf(statement.target)] : [])),
  );
  const stores = places.size * (UNITS.read + UNITS.store + UNITS.write);
  return { units: clauses * UNITS.node + stores, stores: [] };
}

/** Returns a text that differs for places that are surely different. */
function groupOf(target: Place): string {
  switch (target.type) {
    case "cell":
      return `cell ${target.map}`;
    case "scalar":
      return `scalar ${target.name}`;
    default:
      return `${target.type} ${target.asset}`;
  }
}
