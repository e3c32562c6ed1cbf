import { Evidence, equalBytes, findEvidenceDefect, toPublicKey } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { offenceKey } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";
import { strategies } from "./strategies.ts";
import { byzantineWorldsOf } from "./worlds.ts";

// Real signatures cost too much for floods; `flood.test.ts` has those.
const worlds = byzantineWorldsOf(Object.keys(strategies).filter((name) => name !== "flooding"));

/** Every message of a Byzantine node is heard by all, so that what it says twice is seen. */
function gossiping(cluster: Cluster): Cluster {
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    send(from, to, message);
    if (cluster.options.byzantine?.has(from)) send(from, (to + 1) % cluster.nodes.length, message);
  };
  return cluster;
}

describe("evidence", () => {
  test("P36 B20: in random worlds with crashes it convicts Byzantine signers only, by their own key", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(worlds, (options) => {
        // The cluster throws when an honest node is accused.
        const cluster = gossiping(new Cluster({ ...options, scheme: "ed25519" })).startAll();
        const { members } = cluster.membership;
        const honest = cluster.honest();
        for (let round = 0; round < 3; round++) {
          const victim = honest[Math.floor(cluster.random() * honest.length)] ?? 0;
          const effect = cluster.node(victim).performed + Math.floor(cluster.random() * 20);
          cluster.crashAt = { node: victim, effect };
          cluster.work();
          cluster.run({ forMs: 1_500 });
          if (cluster.node(victim).state === undefined) cluster.start(victim);
        }
        for (const item of cluster.evidence) {
          kinds.set(item.type, (kinds.get(item.type) ?? 0) + 1);
          const accused = cluster.nodes.findIndex(({ config }) =>
            equalBytes(config.id, item.validator),
          );
          expect(options.byzantine?.has(accused)).toBe(true);
          const received = Evidence.decode(Evidence.encode(item));
          expect(findEvidenceDefect(GENESIS, received)).toBeUndefined();
          expect(offenceKey(received)).toBe(offenceKey(item));
          for (const [index, { signer }] of members.entries()) {
            const key = toPublicKey(signer.publicKey);
            const defect = findEvidenceDefect(GENESIS, { ...received, key });
            expect(defect === undefined).toBe(index === accused);
          }
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 100, seed: 1 },
    );
    // Not by chance: all that a replica can see by itself was seen, many times.
    for (const kind of ["double-vote", "double-proposal", "hidden-lock"]) {
      expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(5);
    }
  });
});
