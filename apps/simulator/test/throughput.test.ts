import { STRATEGIES, type WorldReport } from "@aethel/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { measureStrategy } from "../src/commands/strategies.ts";

const names = STRATEGIES.map((strategy) => strategy.name);

describe("B3: one faulty node of four does not starve the others", () => {
  let untroubled: WorldReport;

  beforeAll(async () => {
    untroubled = await reportOf(undefined, 4);
  });

  test.each(names)(
    "%s: nine tenths of the proofs and a fifth of the blocks go on",
    async (name) => {
      const report = await reportOf(name, 4);

      expect(report.proofs).toBeGreaterThanOrEqual(untroubled.proofs * 0.9);
      expect(report.lowestSequence).toBeGreaterThanOrEqual(untroubled.lowestSequence / 5);
    },
  );
});

// Ten nodes: `npm run sim -- strategies`.
describe("B3: nor do two of seven", () => {
  test.each(names)(
    "%s: there is progress, and three quarters of the proofs are final",
    async (name) => {
      const report = await reportOf(name, 7);

      expect(report.lowestSequence).toBeGreaterThan(1);
      expect(report.proofs).toBeGreaterThanOrEqual(PROOFS * 0.75);
    },
  );
});

const VIRTUAL_MS = 12_000;
/** Ten a virtual second. */
const PROOFS = VIRTUAL_MS / 100;

function reportOf(strategy: string | undefined, nodeCount: number): Promise<WorldReport> {
  return measureStrategy({ strategy, nodeCount, seed: 3, virtualMs: VIRTUAL_MS });
}
