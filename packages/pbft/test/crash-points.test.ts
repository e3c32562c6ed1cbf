import { createValidatorSet, equalBytes, type ValidatorSet } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions, CrashPoint } from "./cluster-options.ts";

/** A scripted run; `prepare` sets the stage before anyone starts. */
interface Script {
  readonly options?: ClusterOptions;
  readonly prepare: (cluster: Cluster) => void;
  readonly heights: number;
}

const scripts: Readonly<Record<string, Script>> = {
  "the normal case": { prepare: () => {}, heights: 2 },
  "a view change": {
    heights: 1,
    prepare: (cluster) => {
      const leader = cluster.leader(1, 0);
      cluster.connected = (from, to) => cluster.now > 2_500 || (from !== leader && to !== leader);
    },
  },
  "a locked block": {
    heights: 1,
    // Everyone prepares and commits in view 0, and nobody hears of anybody's COMMIT.
    prepare: (cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isLost = message.type === "commit" && message.view === 0 && message.sequence === 1;
        if (!isLost) send(from, to, message);
      };
    },
  },
  "two view changes in a row": {
    heights: 1,
    prepare: (cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isLost = message.type === "commit" && message.view < 2 && message.sequence === 1;
        if (!isLost) send(from, to, message);
      };
    },
  },
  "a certificate that comes after the time-out": {
    heights: 1,
    prepare: (cluster) => {
      const send = cluster.send.bind(cluster);
      cluster.send = (from, to, message) => {
        const isSlow = message.type === "prepare" && message.view === 0 && message.sequence === 1;
        // The view timer runs for a second; the views then change with these votes under way.
        if (isSlow) cluster.delay(1_030 - cluster.now + 1_000, () => send(from, to, message));
        else send(from, to, message);
      };
    },
  },
  "a refused proposal": {
    heights: 1,
    prepare: (cluster) => {
      const { id } = cluster.node(cluster.leader(1, 0)).config;
      for (const { app } of cluster.nodes) {
        app.override = (block) =>
          block.header.sequence === 1 && equalBytes(block.header.proposer, id)
            ? { type: "refused", reason: "wrong" }
            : undefined;
      }
    },
  },
  "an epoch border": {
    options: { powers: [3, 3, 3, 2, 2] },
    heights: 4,
    prepare: (cluster) => {
      const { set } = cluster.membership;
      // Somebody leaves, then comes back while another leaves.
      const sets = [set, without(set, 4), without(set, 3)];
      for (const { app } of cluster.nodes) {
        app.setAt = (sequence) => sets[Math.min(2, Math.floor(sequence / 2))] ?? set;
      }
    },
  },
  "catching up": {
    heights: 2,
    prepare: (cluster) => {
      const isBehind = (node: number): boolean => node === 3 && cluster.height(0) < 2;
      cluster.connected = (from, to) => !isBehind(from) && !isBehind(to);
    },
  },
};

/** Plays a script with these crashes; who is down is started again 10 ms later at most. */
function play(script: Script, crashes: readonly CrashPoint[]): Cluster {
  const cluster = new Cluster(script.options);
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

function without(set: ValidatorSet, index: number): ValidatorSet {
  return createValidatorSet(set.validators.filter((_, at) => at !== index));
}

function isSending(kind: string | undefined): boolean {
  return kind === "sign-and-send" || kind === "broadcast";
}

describe("crashes, enumerated (DESIGN §6)", () => {
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
