import { describe, expect, test } from "vitest";
import { createTestNetwork } from "../../src/index.ts";

/** Plays four nodes, of which none finds an item in its own pool, beside one that follows a strategy. */
async function play(strategy: string | undefined, poolless: readonly number[]) {
  await using network = await createTestNetwork({
    seed: 5,
    nodeCount: 4,
    application: "counter",
    ...(strategy === undefined ? {} : { strategies: [strategy] }),
    network: { byzantineIds: strategy === undefined ? [] : [3] },
    poolless,
    workEveryMs: 100,
  });
  await network.run(6_000);
  await network.expectProgress({ blocks: 2 });
  return network.report();
}

const ALL = [0, 1, 2, 3];

describe("items of proposals", () => {
  test("P9: pools that share nothing cost a request, not a block", async () => {
    const [shared, apart] = [await play(undefined, []), await play(undefined, ALL)];
    expect(shared.viewChanges).toBe(0);
    expect(apart.viewChanges).toBe(0);
    expect(apart.proofs).toBeGreaterThan(0.9 * shared.proofs);
  });

  test.each([
    ["names hashes of nothing", "nameless"],
    ["gives items to a third", "miser"],
    ["answers with wrong items", "item-forger"],
  ])("P9: a leader that %s loses its turns, and nobody else anything", async (_, strategy) => {
    const report = await play(strategy, ALL);
    expect(report.proofs).toBeGreaterThan(10);
  });
});
