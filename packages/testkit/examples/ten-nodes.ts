import { createTestNetwork } from "@aethel/testkit";

// Ten production replicas on the production ledger; three equivocate and vote for both sides.
await using network = await createTestNetwork({
  nodeCount: 10,
  byzantineCount: 3,
  seed: 7,
  strategies: ["equivocating-leader", "double-voter"],
  network: { latencyMs: 50, jitterMs: 100, lossRate: 0.05, duplicateRate: 0.05 },
  workEveryMs: 500,
});

// Agreement, validity, conservation and more are checked after every single step.
await network.run(5_000);
await network.crash(network.nodes.findIndex((node) => !node.isByzantine));
await network.partition([[0, 1, 2, 3, 4]], 5_000);
await network.run(10_000);

// Faults off: every honest node must finalize two more blocks, or this rejects.
const took = await network.expectProgress({ blocks: 2 });

/** Counts of what happened. */
export const report = network.report();
console.log(`${report.lowestSequence} blocks everywhere, ${report.steps} steps checked`);
console.log(`progress ${took} virtual ms after the faults; log ${report.logDigest.slice(0, 8)}`);
