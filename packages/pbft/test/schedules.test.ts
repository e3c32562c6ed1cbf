import type { ConsensusMessage } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";

/** Receivers of the votes of a phase in a view: one bit for each replica. */
interface Schedule {
  readonly prepares: readonly [number, number];
  readonly commits: readonly [number, number];
}

function play({ prepares, commits }: Schedule): Cluster {
  const cluster = new Cluster({ scheme: "trusted" });
  const send = cluster.send.bind(cluster);
  cluster.send = (from, to, message) => {
    if (hears(to, message)) send(from, to, message);
  };
  const hears = (to: number, message: ConsensusMessage): boolean => {
    if (message.type !== "prepare" && message.type !== "commit") return true;
    if (message.view > 1) return true;
    const masks = message.type === "prepare" ? prepares : commits;
    return ((masks[message.view] ?? 0) & (1 << to)) !== 0;
  };
  cluster.startAll();
  cluster.work();
  const reached = (): boolean => cluster.heights().every((height) => height >= 1);
  if (!cluster.run({ forMs: 60_000, until: reached })) throw new Error("no progress");
  return cluster;
}

describe("small schedules, enumerated (B2)", () => {
  test("B2: whoever hears which votes in the first two views, one block becomes final", () => {
    const everyone = 15;
    let [runs, viewChanges] = [0, 0];
    const digests = new Map<string, number>();
    for (let first = 0; first <= everyone; first++) {
      for (let second = 0; second <= everyone; second++) {
        // Views 0 and 1 with the same losses, then each of them alone.
        const schedules: readonly Schedule[] = [
          { prepares: [first, first], commits: [second, second] },
          { prepares: [first, everyone], commits: [0, second] },
          { prepares: [everyone, first], commits: [second, 0] },
        ];
        for (const schedule of schedules) {
          // The cluster throws on a fork, a contradiction, and a lock hidden or lost.
          const cluster = play(schedule);
          runs += 1;
          viewChanges += cluster.viewChanges.length;
          const digest = String(cluster.node(0).app.head.digest);
          digests.set(digest, (digests.get(digest) ?? 0) + 1);
        }
      }
    }

    expect(runs).toBe(768);
    expect(viewChanges).toBeGreaterThan(runs);
    // Both the first leader's block and those of later leaders were final somewhere.
    expect(digests.size).toBeGreaterThan(1);
  });
});
