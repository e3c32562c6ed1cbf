import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import type { CrashPoint } from "./cluster-options.ts";
import { type Script, scripts } from "./scripts.ts";

/** Plays a script with these crashes; who is down is started again 10 ms later at most. */
function play(script: Script, crashes: readonly CrashPoint[]): Cluster {
  const cluster = new Cluster({ scheme: "trusted", ...script.options });
  [cluster.crashAt, ...cluster.laterCrashes] = crashes;
  script.prepare(cluster);
  cluster.startAll();
  const goal = script.heights;
  const reached = (): boolean => cluster.heights().every((height) => height >= goal);
  for (let turn = 0; turn < 6_000 && !reached(); turn++) {
    const behind = cluster.nodes.flatMap((node, at) =>
      node.state !== undefined && node.app.pending === 0 && cluster.height(at) < goal ? [at] : [],
    );
    cluster.work(behind);
    cluster.run({ forMs: 10, until: reached });
    cluster.nodes.forEach((node, at) => {
      if (node.state === undefined) cluster.start(at);
    });
  }
  return cluster;
}

function isSending(kind: string | undefined): boolean {
  return kind === "sign-and-send" || kind === "broadcast";
}

describe("crashes, enumerated", () => {
  // The cluster throws on a contradiction with anything signed before the crash, on a signature
  // below a requested view, on one that is not durable, and on a fork.
  test.each(Object.entries(scripts))(
    "B5 B6 B26: %s: each replica crashes before each effect, and none contradicts itself",
    (_, script) => {
      const probe = play(script, []);
      let crashes = 0;
      probe.nodes.forEach(({ kinds }, node) => {
        kinds.forEach((kind, effect) => {
          // A message that has left may have reached nobody, one peer, or all of them.
          const reaches = isSending(kind) ? [0, 1, probe.nodes.length] : [0];
          for (const reaching of reaches) {
            const cluster = play(script, [{ node, effect, reaching }]);
            const where = `crash of ${node} at effect ${effect}, ${kind} reaching ${reaching}`;
            expect(Math.min(...cluster.heights()), where).toBeGreaterThanOrEqual(script.heights);
            crashes += cluster.crashes;
          }
        });
      });
      expect(crashes).toBeGreaterThan(80);
    },
  );

  test("B5: a second crash comes at each effect of the recovery from the first", () => {
    const script = scripts["a locked block"];
    if (script === undefined) throw new Error("it is there");
    const node = (new Cluster().leader(1, 0) + 1) % 4;
    const { length } = play(script, []).node(node).kinds;
    for (let effect = 0; effect < length; effect++) {
      for (let later = 1; later <= 8; later++) {
        const second = { node, effect: effect + later };
        const cluster = play(script, [{ node, effect }, second]);
        const where = `crashes at ${effect} and ${effect + later}`;
        expect(Math.min(...cluster.heights()), where).toBeGreaterThanOrEqual(script.heights);
      }
    }
  });
});
