import { fork } from "node:child_process";
import { toSequence, toSignature, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import { countObjects } from "./objects.ts";
import { createRig } from "./rig.ts";
import { floodingBy } from "./strategies.ts";

interface Report {
  readonly figures: readonly { readonly heap: number; readonly objects: number }[];
  readonly evidence: number;
  readonly votes: readonly number[];
}

function flood(messages: number): Promise<Report> {
  const script = new URL("flood-child.ts", import.meta.url);
  return new Promise((resolve, reject) => {
    const execArgv = ["--expose-gc", "--conditions=@aethel/source"];
    const child = fork(script, [String(messages)], { execArgv, stdio: "inherit" });
    let report: Report | undefined;
    child.on("message", (message) => {
      report = message as Report;
    });
    child.on("error", reject);
    child.on("exit", () => (report === undefined ? reject(new Error("none")) : resolve(report)));
  });
}

describe("a flood by f replicas", () => {
  test("120,000 authentic messages, no two the same, leave no more behind than the first tenth", async () => {
    const { figures, evidence, votes } = await flood(20_000);
    const [early, late] = figures;
    if (early === undefined || late === undefined) throw new Error("two figures");

    expect(late.objects).toBe(early.objects);
    expect(late.objects).toBeLessThan(2_500);
    // Ten times the messages: what leaks one small object for each would show as several MB.
    expect(late.heap - early.heap).toBeLessThan(3_000_000);
    // Four places for each of the two accused.
    expect(evidence).toBe(8);
    // Two votes of each are kept in views that are not reached.
    expect(votes).toEqual([4, 4]);
  });

  test("it neither stops nor slows the others: no view changes, blocks as soon as without it", () => {
    const powers = [1, 1, 1, 1, 1, 1, 1];
    const leaders = [1, 2, 3, 4].map((sequence) => new Cluster({ powers }).leader(sequence, 0));
    // Two that do not lead the first four blocks: what they do is flood, and nothing else.
    const flooders = powers.flatMap((_, at) => (leaders.includes(at) ? [] : [at])).slice(0, 2);
    const byzantine = new Map(flooders.map((at) => [at, floodingBy(12)]));
    const [quiet, flooded] = [new Cluster({ powers }), new Cluster({ powers, byzantine })];
    const times = [quiet, flooded].map((cluster) => {
      cluster.startAll();
      for (let goal = 1; goal <= 4; goal++) {
        cluster.work();
        const reached = (): boolean => cluster.honest().every((at) => cluster.height(at) >= goal);
        expect(cluster.run({ forMs: 10_000, until: reached })).toBe(true);
      }
      return cluster.now;
    });

    expect(flooders).toHaveLength(2);
    expect(flooded.messages).toBeGreaterThan(10 * quiet.messages);
    expect(times[1]).toBeLessThanOrEqual((times[0] ?? 0) + 20);
    expect(flooded.viewChanges.filter(({ node }) => !flooders.includes(node))).toEqual([]);
    for (const at of flooded.honest()) expect(countObjects(flooded.state(at))).toBeLessThan(5_000);
  });

  test("the host gets a turn after every 64 messages, so its sockets and timers go on", async () => {
    const rig = createRig({ n: 4 });
    await rig.replica.start();
    const { digest } = rig.counter.head;
    const signature = toSignature(new Uint8Array(64));
    for (let at = 0; at < 1_000; at++) {
      const where = { sequence: toSequence(1), view: toView(at), digest };
      const vote = { type: "prepare", ...where, voter: toValidatorIndex(1), signature } as const;
      rig.handlers().message(vote, rig.membership.members[1]?.id);
    }
    const discarded = (): number => rig.events.filter(({ type }) => type === "discarded").length;
    await new Promise((resolve) => setImmediate(resolve));
    const atOnce = discarded();
    await rig.pass(1);

    expect(atOnce).toBeGreaterThan(0);
    expect(atOnce).toBeLessThanOrEqual(64);
    expect(discarded()).toBe(1_000);
    await rig.replica.stop();
  });
});
