import { createConfig, leaderOf, recover, step } from "@aethel/pbft";
import { exploreEngine, exploreModel, SMALL_SCOPES } from "@aethel/testkit";

/** Flags of `aethel-sim explore`. */
export interface ExploreFlags {
  /** States of real engines in each scope. */
  readonly states: number;
  /** States of the abstract model in each scope. Default: twenty times as many. */
  readonly modelStates?: number;
  readonly seed: number;
}

/** Explores every small scope: the model alone, and the engine against it. Exit code 1 with a violation. */
export async function explore(flags: ExploreFlags, write: (line: string) => void): Promise<number> {
  const { states, modelStates = 20 * states, seed } = flags;
  const engine = { createConfig, leaderOf, recover, step };
  let total = 0;
  for (const scope of SMALL_SCOPES) {
    const leaders = Array.from({ length: scope.views }, (_, view) => view);
    const { byzantine } = scope;
    const configs = scope.powers.map((powers) => ({ powers, byzantine, leaders }));
    const model = exploreModel(configs, { states: modelStates });
    const found = await exploreEngine(scope, { engine, states, seed });
    total += found.states;
    write(
      `${scope.name}: model ${model.states} states${model.complete ? ", all" : ""}; engine ${found.states} states${found.complete ? ", all" : ""}, ${found.steps} steps, ${found.depth} deep, ${found.decided} with a final block`,
    );
    if (model.defect !== undefined) {
      write(`VIOLATION in the model: ${model.defect}`);
      return 1;
    }
    if (found.violation === undefined) continue;
    write(`VIOLATION of ${found.violation.checker}: ${found.violation.reason}`);
    for (const line of found.violation.trace) write(`  ${line}`);
    return 1;
  }
  write(`No violation in ${total} states of real engines, each message one that the model allows.`);
  return 0;
}
