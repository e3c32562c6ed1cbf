import { createTestNetwork, STRATEGIES, type WorldReport } from "@aethel/testkit";
import { beforeAll, describe, expect, test } from "vitest";

const VIRTUAL_MS = 20_000;
const names = STRATEGIES.map((strategy) => strategy.name);

describe("B3: one faulty node of four does not starve the others", () => {
  let untroubled: WorldReport;

  beforeAll(async () => {
    untroubled = await reportOf();
  });

  test.each(names)(
    "%s: nine tenths of the proofs and a third of the blocks go on",
    async (name) => {
      const report = await reportOf(name);

      expect(report.proofs).toBeGreaterThanOrEqual(untroubled.proofs * 0.9);
      expect(report.lowestSequence).toBeGreaterThanOrEqual(untroubled.lowestSequence / 3);
    },
  );
});

/** Ten proofs a virtual second at four nodes, one of which follows the strategy. */
async function reportOf(strategy?: string): Promise<WorldReport> {
  const faulty = strategy === undefined ? {} : { byzantineCount: 1, strategies: [strategy] };
  const world = { nodeCount: 4, application: "counter", workEveryMs: 100, seed: 3 };
  await using network = await createTestNetwork({ ...world, ...faulty });
  await network.run(VIRTUAL_MS);
  return network.report();
}
