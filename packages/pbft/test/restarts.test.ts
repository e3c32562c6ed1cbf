import { blockDigest, outlineOf, toTimestamp, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { decodeSigningLog } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { equivocating } from "./strategies.ts";

import { tapped, without } from "./taps.ts";

describe("restarts", () => {
  test("B5: a single validator crashes at every single effect, and goes on", () => {
    const lone = (effect: number): Cluster => {
      const cluster = new Cluster({ powers: [1] });
      cluster.crashAt = { node: 0, effect };
      cluster.startAll();
      for (let goal = 1; goal <= 2; goal++) {
        const end = cluster.now + 30_000;
        while (cluster.height(0) < goal && cluster.now < end) {
          if (cluster.node(0).state === undefined) cluster.start(0);
          cluster.work();
          cluster.run({ forMs: 100, until: () => cluster.height(0) >= goal });
        }
      }
      return cluster;
    };
    const effects = lone(-1).node(0).performed;

    expect(effects).toBeGreaterThan(20);
    for (let effect = 0; effect < effects; effect++) {
      expect(lone(effect).height(0), `crash at effect ${effect}`).toBeGreaterThanOrEqual(2);
    }
  });

  test("B5: all crash at once after COMMIT, the leader for good: the locked block is in the logs", () => {
    const cluster = new Cluster().startAll();
    const leader = cluster.leader(1, 0);
    const others = [0, 1, 2, 3].filter((at) => at !== leader);
    without(cluster, "commit");
    cluster.work();
    const locked = (): boolean => others.every((at) => cluster.state(at).signed.commit);
    expect(cluster.run({ forMs: 900, until: locked })).toBe(true);
    const digest = cluster.state(others[0] ?? 0).signed.commit?.digest;
    for (const at of [0, 1, 2, 3]) cluster.crash(at);
    cluster.send = Cluster.prototype.send.bind(cluster);
    for (const at of others) cluster.start(at);

    const reached = (): boolean => others.every((at) => cluster.height(at) === 1);
    expect(cluster.run({ forMs: 30_000, until: reached })).toBe(true);
    expect(cluster.node(others[0] ?? 0).app.head.digest).toEqual(digest);
  });

  test("B26: after a restart an equivocating leader gets no second vote in its view", () => {
    const leader = new Cluster().leader(1, 0);
    const cluster = new Cluster({ byzantine: new Map([[leader, equivocating]]) }).startAll();
    const voter = (leader + 1) % 4;
    cluster.work();
    cluster.run({ forMs: 900, until: () => cluster.state(voter).signed.prepare !== undefined });
    const first = cluster.state(voter).signed.prepare;
    cluster.crash(voter);
    cluster.start(voter);
    const { app, config } = cluster.node(leader);
    const { sequence } = cluster.state(voter);
    const block = app.propose({
      sequence,
      timestamp: toTimestamp(cluster.now + 50),
      proposer: config.id,
      parentCertificate: undefined,
      evidence: [],
      reason: "heartbeat",
    });
    if (block === undefined) throw new Error("a heartbeat always has a block");
    const digest = blockDigest(block.header);
    const proposal = { sequence, view: toView(0), digest, leader: toValidatorIndex(leader) };

    cluster.receive(
      voter,
      cluster.sign(leader, { type: "pre-prepare", proposal, outline: outlineOf(block) }),
      leader,
    );
    cluster.connected = () => false;
    cluster.run({ forMs: 500 });

    expect(cluster.state(voter).proposal?.proposal.digest).toEqual(digest);
    expect(cluster.state(voter).blocks.map(({ verdict }) => verdict)).toContain("accepted");
    expect(cluster.state(voter).signed.prepare).toEqual(first);
    expect(digest).not.toEqual(first?.digest);
  });

  test("B6: nothing is signed at a sequence that the log may have forgotten", () => {
    const cluster = new Cluster().startAll();
    cluster.work();
    cluster.run({ forMs: 3_000, until: () => cluster.height(0) === 1 });
    const log = cluster.node(0).log;
    // The application's disk comes back from a backup; the signing log does not.
    const restored = new Cluster().startAll();
    restored.crash(0);
    restored.node(0).log = log;
    restored.start(0);
    const sent = tapped(restored);
    restored.work();
    restored.run({ forMs: 10_000, until: () => restored.height(0) === 1 });

    expect(decodeSigningLog(log).some((entry) => entry.type === "floor")).toBe(true);
    const own = restored.membership.set.validators.length - 4;
    const voters = sent.flatMap((each) => (each.type === "prepare" ? [each.voter] : []));
    expect(own).toBe(0);
    expect(voters).not.toContain(0);
    expect(restored.height(0)).toBe(1);
  });
});
