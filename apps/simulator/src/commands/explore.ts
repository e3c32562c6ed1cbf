import { createConfig, leaderOf, recover, step } from "@aethel/pbft";
import { exploreEngine, exploreModelByTurns, SMALL_SCOPES, toModels } from "@aethel/testkit";
import { exploreFully } from "./explore-fully.ts";

/** Flags of `aethel-sim explore`. */
export interface ExploreFlags {
  /** States of real engines in each scope. */
  readonly states: number;
  /** Classes of sets of messages after which the search of the model gives up. */
  readonly modelStates?: number;
  readonly seed: number;
  /** Looks further in the model, and checks its search against a plain one. */
  readonly full?: boolean;
}

/** Faults are switched off in each so many-th state of real engines. */
const RECOVER_EVERY = 10;
/** No scope of those here has as many by a factor of ten. */
const CLASSES_MAX = 10_000_000;

/**
 * Explores every small scope: the model wholly, the engine against it and up to a bound, and whether
 * engines go on once faults are off. Exit code 1 with a violation.
 */
export async function explore(flags: ExploreFlags, write: (line: string) => void): Promise<number> {
  const { states, modelStates = CLASSES_MAX, seed, full = false } = flags;
  const engine = { createConfig, leaderOf, recover, step };
  let [total, recovered, viewsMost] = [0, 0, 0];
  for (const scope of SMALL_SCOPES) {
    const model = exploreModelByTurns(toModels(scope), { classes: modelStates });
    if (model.defect !== undefined) {
      write(`VIOLATION in the model, ${scope.name}: ${model.defect}`);
      return 1;
    }
    const found = await exploreEngine(scope, { engine, states, seed, recoverEvery: RECOVER_EVERY });
    total += found.states;
    recovered += found.recovered;
    viewsMost = Math.max(viewsMost, found.viewsMost);
    const reach = model.complete
      ? `all ${model.states} sets of messages in ${model.classes} classes`
      : `given up after ${model.classes} classes`;
    write(
      `${scope.name}: model ${reach}; engine ${found.states} states${found.complete ? ", all" : ""}, ${found.steps} steps, ${found.depth} deep, ${found.decided} with a final block; ${found.recovered} recoveries in ${found.viewsMost} views and ${found.virtualMsMost} virtual ms at most`,
    );
    if (found.violation === undefined) continue;
    write(`VIOLATION of ${found.violation.checker}: ${found.violation.reason}`);
    for (const line of found.violation.trace) write(`  ${line}`);
    return 1;
  }
  if (full && !exploreFully(write)) return 1;
  write(
    `No violation in ${total} states of real engines, each message one that the model allows; ${recovered} recoveries without faults, in ${viewsMost} views at most.`,
  );
  return 0;
}
