import { UNITS } from "@aethel/models";
import type { Place, TypedIntent } from "@aethel/verifier";
import { GROWTH } from "./growth.ts";
import type { SureWork } from "./least-run.ts";

/**
 * Returns the most bytes by which one call of an intent can grow the state: each store creates at
 * most one account, holding or cell. Scalars, vaults and supplies exist since the publication.
 */
export function growthOfIntent(intent: TypedIntent, cellBytes: (map: string) => number): number {
  let growth = 0;
  for (const statement of intent.effect) {
    if (statement.type !== "store") continue;
    const { target } = statement;
    if (target.type === "cell") growth += cellBytes(target.map);
    if (target.type === "holding") growth += target.asset === "" ? GROWTH.account : GROWTH.holding;
  }
  return growth;
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
