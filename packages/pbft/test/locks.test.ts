import { toHex } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";
import type { Strategy } from "./cluster-options.ts";

import { without } from "./taps.ts";

describe("locks", () => {
  test("B1: a block that one replica may have committed survives any number of view changes", () => {
    const cluster = new Cluster().startAll();
    // All prepare, and nobody's COMMIT arrives: everyone is locked, nobody has finalized.
    const send = cluster.send.bind(cluster);
    let cut = true;
    cluster.send = (from, to, message) => {
      if (!cut || message.type !== "commit") send(from, to, message);
    };
    cluster.work();
    cluster.run({ forMs: 900 });
    const first = cluster.state(0).signed.commit;
    cluster.run({ forMs: 40_000 });
    const locked = cluster.nodes.map((_, at) => cluster.state(at).prepared);
    const views = cluster.nodes.map((_, at) => cluster.state(at).view);

    expect(Math.min(...views)).toBeGreaterThan(3);
    const digests = new Set(locked.map((lock) => lock && toHex(lock.digest)));
    expect([...digests]).toEqual([first && toHex(first.digest)]);
    cut = false;
    const done = cluster.run({
      forMs: 20_000,
      until: () => cluster.heights().every((h) => h === 1),
    });
    expect(done).toBe(true);
    expect(toHex(cluster.node(0).app.head.digest)).toBe([...digests][0]);
  });

  test("B1 R7.6: lock a block, partition for 24 hours, heal, finalize it", () => {
    const cluster = new Cluster().startAll();
    cluster.work();
    cluster.run({ forMs: 5_000, until: () => cluster.state(0).signed.commit !== undefined });
    cluster.connected = () => false;
    const { prepared } = cluster.state(0);
    cluster.run({ forMs: 24 * 3_600_000 });
    cluster.connected = () => true;
    const healed = cluster.now;

    const done = cluster.run({
      forMs: 60_000,
      until: () => cluster.heights().every((h) => h >= 1),
    });

    expect(done).toBe(true);
    expect(cluster.now - healed).toBeLessThan(30_000);
    expect(toHex(cluster.node(3).app.head.digest)).toBe(prepared && toHex(prepared.digest));
  });

  test("B4: a replica that prepared nothing itself carries the certificate it saw into its request", () => {
    const cluster = new Cluster().startAll();
    const [leader, abstainer] = [cluster.leader(1, 0), (cluster.leader(1, 0) + 1) % 4];
    cluster.node(abstainer).app.override = () => ({ type: "abstained", reason: "busy" });
    without(cluster, "commit");
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.state(abstainer).view > 0 });

    expect(leader).not.toBe(abstainer);
    expect(cluster.state(abstainer).signed.prepare).toBeUndefined();
    expect(cluster.state(abstainer).signed.commit).toBeUndefined();
    expect(cluster.state(abstainer).prepared?.view).toBe(0);
  });

  test("B4: a lock with f honest abstainers finalizes once they have validated without a watchdog", () => {
    const leader = new Cluster().leader(1, 0);
    const [abstainer, byzantine] = [(leader + 1) % 4, (leader + 2) % 4];
    // Its PREPARE completes the certificate in view 0; from then on it is silent.
    const helpOnce: Strategy = (_, __, message) =>
      message.type === "prepare" && message.view === 0 ? [message] : [];
    const cluster = new Cluster({ byzantine: new Map([[byzantine, helpOnce]]) }).startAll();
    cluster.node(abstainer).app.override = (_, patience) =>
      patience === "watchdog" ? { type: "abstained", reason: "watchdog" } : undefined;
    cluster.work();
    cluster.run({ forMs: 5_000, until: () => cluster.state(leader).signed.commit !== undefined });
    const locked = cluster.state(leader).prepared;
    const honest = cluster.honest();

    const done = cluster.run({
      forMs: 30_000,
      until: () => honest.every((at) => cluster.height(at) === 1),
    });

    expect(done).toBe(true);
    expect(toHex(cluster.node(abstainer).app.head.digest)).toBe(locked && toHex(locked.digest));
  });

  test("a replica that refutes a certified block stops, does not apply it, and says so", () => {
    const cluster = new Cluster().startAll();
    cluster.node(2).app.override = () => ({ type: "refused", reason: "not valid here" });
    cluster.work();
    cluster.run({ forMs: 20_000 });

    expect(cluster.diverged).toEqual([2]);
    expect(cluster.height(2)).toBe(0);
    expect(cluster.state(2).stopped).toBe(true);
    expect(cluster.height(0)).toBeGreaterThanOrEqual(1);
  });

  test("B5: who signed PREPARE has the block after a power failure, for a certificate may exist", () => {
    const cluster = new Cluster().startAll();
    // Every PREPARE is lost to the honest: only a faulty replica could have made a certificate.
    without(cluster, "prepare");
    cluster.work();
    cluster.run({
      forMs: 5_000,
      until: () => cluster.nodes.every((_, at) => cluster.state(at).signed.prepare !== undefined),
    });
    const signed = cluster.state(0).signed.prepare;
    for (const index of cluster.nodes.keys()) cluster.crash(index);
    for (const index of cluster.nodes.keys()) cluster.start(index);

    const kept = cluster.nodes.map((_, at) =>
      cluster.state(at).blocks.map(({ digest }) => toHex(digest)),
    );
    expect(kept).toEqual(Array.from({ length: 4 }, () => [signed && toHex(signed.digest)]));
  });

  test("blocks that were voted for are kept, whatever comes later at that sequence", () => {
    const cluster = new Cluster().startAll();
    without(cluster, "prepare");
    cluster.work();
    cluster.run({ forMs: 5_000, until: () => cluster.state(0).signed.prepare !== undefined });
    const voted = cluster.state(0).signed.prepare;
    cluster.run({ forMs: 120_000, until: () => cluster.state(0).view > 12 });

    const { view, blocks } = cluster.state(0);
    expect(view).toBeGreaterThan(12);
    expect(blocks.map(({ digest }) => toHex(digest))).toContain(voted && toHex(voted.digest));
  });
});
