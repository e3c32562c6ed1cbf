import { toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTestNetwork, drawWorld } from "../../src/index.ts";

describe("worlds", () => {
  test("the same seed gives the same log, byte for byte; another seed another one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const [first, again, other] = await Promise.all([seed, seed, seed + 1].map(logOf));

        expect(again).toEqual(first);
        expect(other?.digest).not.toBe(first?.digest);
      }),
      { numRuns: 10 },
    );
  });

  test("the production ledger survives three Byzantine nodes of ten, and conserves", async () => {
    await using network = await createTestNetwork({
      nodeCount: 10,
      byzantineCount: 3,
      seed: 11,
      workEveryMs: 500,
    });
    await network.run(10_000);
    await network.expectProgress();
    const report = network.report();

    expect(report.proofs).toBeGreaterThan(10);
    expect(report.lowestSequence).toBeGreaterThan(10);
    expect(network.nodes.filter((node) => node.isByzantine)).toHaveLength(3);
  });

  test("P36: a validator that votes twice and hides locks is convicted, slashed and ejected", async () => {
    await using network = await createTestNetwork({
      nodeCount: 7,
      byzantineCount: 2,
      seed: 5,
      workEveryMs: 300,
      strategies: ["garbage", "restless"],
    });
    await network.run(15_000);
    const honest = network.nodes.filter((node) => !node.isByzantine);
    const members = honest[0]?.head.validators.validators.map(({ id }) => toHex(id));

    expect(members?.toSorted()).toEqual(honest.map(({ id }) => toHex(id)).toSorted());
  });

  test("a node that was crashed comes back from its disk and catches up", async () => {
    await using network = await createTestNetwork({
      nodeCount: 4,
      seed: 5,
      workEveryMs: 300,
      actions: [{ type: "crash", node: 1, atMs: 2_000, forMs: 6_000 }],
    });
    await network.run(7_000);
    const [down, head] = [network.nodes[1]?.state, network.nodes[1]?.head.header.sequence ?? 0];
    const highest = network.report().highestSequence;
    await network.run(5_000);

    expect(down).toBe("down");
    expect(highest).toBeGreaterThan(head + 5);
    expect(network.nodes[1]?.head.header.sequence).toBeGreaterThan(highest);
  });

  test("a proof that one node is given is finalized by all", async () => {
    await using network = await createTestNetwork({ nodeCount: 4, seed: 2 });
    const [author] = network.accounts;
    if (author === undefined) throw new Error("there are accounts");
    await network.submit(network.chain.work({ author, nonce: 0 }), { to: 3 });

    const done = await network.runUntil(() => network.report().lowestSequence >= 1, {
      boundMs: 10_000,
    });

    expect(done).toBe(true);
    expect(network.report().proofs).toBe(1);
  });
});

async function logOf(
  seed: number,
): Promise<{ readonly digest: string; readonly lines: readonly string[] }> {
  const world = drawWorld({ seed, nodesMax: 4, faultsMs: 3_000 });
  await using network = await createTestNetwork({ ...world, logLines: 100_000 });
  await network.run(3_000);
  return { digest: network.log.digest(), lines: network.log.lines() };
}
