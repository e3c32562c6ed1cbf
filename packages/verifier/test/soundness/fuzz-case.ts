import { corpusSeeds } from "./corpus-seeds.ts";
import { type CaseReport, runCase, runSeed } from "./metamorphic.ts";
import { createRandom } from "./random-source.ts";
import type { SolverClient } from "./solver-client.ts";
import type { TheoryName } from "./theories.ts";

/**
 * Cases of a seed by their number, the same each time: every fourth starts from a script of others,
 * where there are any and no theory is asked for, the rest from a generated one.
 */
export function fuzzCases(
  client: Pick<SolverClient, "ask">,
  seed: number,
  theory?: TheoryName,
): (index: number) => Promise<CaseReport> {
  const scripts =
    theory === undefined ? (corpusSeeds({ bytes: 8_000, milliseconds: 60 }) ?? []) : [];
  return async (index) => {
    if (index % 4 !== 3 || scripts.length === 0)
      return await runCase(client, { seed, index, theory });
    const random = createRandom(seed, index);
    return await runSeed(client, random.pick(scripts), random);
  };
}
