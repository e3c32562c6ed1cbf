import { createConfig, leaderOf, recover, step } from "@aethel/pbft";
import { exploreEngine, exploreModelByTurns, SMALL_SCOPES, toModels } from "@aethel/testkit";
import { exploreFully } from "./explore-fully.ts";

/** Flags of `aethel-sim explore`. */
export interface ExploreFlags {
  /** Greatest number of states of real engines that are explored in each scope. */
  readonly states: number;
  /**
   * Number of classes of message sets after which the search of the model stops. Default:
   * `CLASSES_MAX`.
   */
  readonly modelStates?: number;
  readonly seed: number;
  /**
   * Whether to explore the model further, and to compare its search with a plain one. Default: no.
   */
  readonly full?: boolean;
}

/** Interval in states: from every tenth engine state a recovery without faults is tried. */
const RECOVER_EVERY = 10;
/**
 * Default bound of the number of classes of message sets in a search of the model: ten times the
 * classes of the largest scope.
 */
const CLASSES_MAX = 10_000_000;

/**
 * Runs `aethel-sim explore` for every small scope. It explores the model completely, explores real
 * engines up to a bound and compares their messages with the model, and tries recoveries without
 * faults. Exit code 1 after a violation.
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
