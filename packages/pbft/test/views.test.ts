import { type ConsensusMessage, equalBytes, toValidatorIndex, toView } from "@aethel/models";
import { describe, expect, test } from "vitest";
import { Cluster } from "./cluster.ts";

describe("leaders and views", () => {
  test("B8: an invalid proposal leads to the next leader at once, not after the time-out", () => {
    const cluster = new Cluster().startAll();
    const leader = cluster.leader(1, 0);
    cluster.nodes.forEach(({ app }, at) => {
      if (at === leader) return;
      app.override = (block) =>
        equalBytes(block.header.proposer, cluster.node(leader).config.id)
          ? { type: "refused", reason: "wrong" }
          : undefined;
    });
    cluster.work();
    const done = cluster.run({ forMs: 900, until: () => cluster.heights().every((h) => h === 1) });

    expect(done).toBe(true);
    expect(cluster.viewChanges.some(({ cause }) => cause === "refused-proposal")).toBe(true);
  });

  test("B24: after an outage replicas at any spread of views meet again within the capped time-out", () => {
    const cluster = new Cluster().startAll();
    cluster.work();
    // One after the other is alone with the quorum gone, for long, at different times.
    for (let turn = 0; turn < 6; turn++) {
      cluster.connected = (from, to) => from % 3 === to % 3 && turn % 2 === 0;
      cluster.run({ forMs: 1_200_000 });
    }
    const views = cluster.nodes.map((_, at) => cluster.state(at).view);
    expect(Math.max(...views) - Math.min(...views)).toBeLessThanOrEqual(2);
    cluster.connected = () => true;

    const done = cluster.run({
      forMs: 4 * 8_000,
      until: () => cluster.heights().every((h) => h >= 1),
    });

    expect(done).toBe(true);
  });

  test("B24: no time runs for a view that no quorum has asked for, whatever else happens", () => {
    const cluster = new Cluster().startAll();
    cluster.connected = () => false;
    cluster.work();
    for (let minute = 0; minute < 10; minute++) {
      cluster.run({ forMs: 60_000 });
      cluster.nodes.forEach((_, at) => {
        cluster.input(at, { type: "work", pending: false });
        cluster.input(at, { type: "work", pending: true });
      });
    }

    expect(cluster.nodes.map((_, at) => cluster.state(at).view)).toEqual([1, 1, 1, 1]);
  });

  test("B24: a replica joins the highest view that more than a third has asked for", () => {
    const cluster = new Cluster({ powers: [1, 1, 1, 1, 1, 1, 1] }).startAll();
    const ask = (from: number, newView: number): ConsensusMessage => {
      const { head, sequence } = cluster.state(0);
      const voter = toValidatorIndex(from);
      const body = {
        validators: head.validators.hash,
        sequence,
        newView: toView(newView),
        parent: head.digest,
        prepared: undefined,
      };
      const none = { parentCertificate: undefined, prepareCertificate: undefined };
      return cluster.sign(from, { type: "view-change", body, voter, ...none });
    };
    cluster.receive(0, ask(1, 9), 1);
    cluster.receive(0, ask(2, 70), 2);
    expect(cluster.state(0).view).toBe(0);

    cluster.receive(0, ask(3, 12), 3);

    expect(cluster.state(0).view).toBe(9);
  });
});
