import {
  type ConsensusMessage,
  createCertificate,
  createValidatorSet,
  type QuorumCertificate,
  sha256,
  toAccountId,
  toAmount,
  toTimestamp,
  toValidatorIndex,
  toView,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createConfig, type Effect, step, viewTimeoutMs } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { parameters } from "./cluster-options.ts";
import { GENESIS } from "./keys.ts";
import { createStage } from "./stage.ts";

const kinds = (effects: readonly Effect[]): readonly string[] =>
  effects.map((effect) => (effect.type === "discard" ? effect.reason : effect.type));

describe("fresh proposals", () => {
  test("a good one is validated under the watchdog", () => {
    const { look, propose, block } = createStage();

    expect(kinds(look(propose(block())))).toContain("verify");
  });

  test("P39: one is voted for that is dated a little ahead of the own clock, or more behind it", () => {
    const { look, propose, block, cluster } = createStage();
    cluster.now = 10_000;
    const { clockPrecisionMs } = cluster.node(0).config;
    const { maxDriftMs } = parameters;
    const dated = (difference: number): readonly string[] =>
      kinds(look(propose(block({ timestamp: toTimestamp(cluster.now + difference) }))));

    expect(dated(clockPrecisionMs)).toContain("verify");
    expect(dated(-maxDriftMs)).toContain("verify");
    // Wrong by up to as much again: its time will come.
    expect(dated(clockPrecisionMs + 1)).toEqual(expect.not.arrayContaining(["verify"]));
    expect(dated(2 * clockPrecisionMs)).not.toContain("sign-and-send");
    // Beyond, it is given up at once; one that is late may have been long on its way.
    expect(dated(2 * clockPrecisionMs + 1)).toContain("sign-and-send");
    expect(dated(-maxDriftMs - 1)).not.toContain("verify");
    expect(dated(-maxDriftMs - 1)).not.toContain("sign-and-send");
  });

  test.each([
    ["too soon after its parent", { timestamp: toTimestamp(99) }],
    ["by somebody else", { proposer: toAccountId(sha256(GENESIS)) }],
    ["on another parent", { parent: sha256(GENESIS) }],
    ["of another chain", { chain: sha256(GENESIS) }],
    ["for another set", { validators: sha256(GENESIS) }],
  ] as const)("B8: one %s leads to a request for the next view, unchecked", (_, changes) => {
    const { look, propose, block, cluster } = createStage();
    cluster.now = 1_000;

    const effects = look(propose(block(changes)));

    expect(kinds(effects)).not.toContain("verify");
    const asked = effects.find((effect) => effect.type === "sign-and-send");
    expect(asked?.statement.type).toBe("view-change");
  });

  test("one without the certificate of its parent is refused", () => {
    const { look, propose, block, cluster, leader } = createStage();
    cluster.work();
    cluster.run({ forMs: 2_000, until: () => cluster.heights().every((height) => height === 1) });
    const next = cluster.leader(2, 0);
    cluster.now += 1_000;
    const whole = block({ proposer: cluster.node(next).config.id });
    const bare = { ...whole, parentCertificate: undefined };

    expect(leader).not.toBe(next);
    expect(kinds(look(propose(bare, next)))).not.toContain("verify");
    expect(kinds(look(propose(whole, next)))).toContain("verify");
  });

  test.each([
    ["not-the-leader", 2, 0],
    ["wrong-view", 0, 1],
  ] as const)("one by the wrong leader or in a later view is discarded: %s", (reason, by, view) => {
    const { look, propose, block, leader } = createStage();

    expect(kinds(look(propose(block(), (leader + by) % 4, view)))).toEqual([reason]);
  });

  test("only the first of a view counts; the second is evidence", () => {
    const { cluster, voter, propose, block, leader } = createStage();
    cluster.framed.add(leader);
    const second = toTimestamp(cluster.now + 1);
    cluster.receive(voter, propose(block()), leader);
    const accepted = cluster.state(voter).proposal;

    cluster.receive(voter, propose(block({ timestamp: second })), leader);

    // Said again, it is the same offence.
    cluster.receive(voter, propose(block({ timestamp: second })), leader);

    expect(cluster.state(voter).proposal).toBe(accepted);
    expect(cluster.evidence.map(({ type }) => type)).toEqual(["double-proposal"]);
  });
});

describe("NewView", () => {
  test("B1: its leader proposes the block of the highest prepared view among the requests", () => {
    const cluster = new Cluster().startAll();
    const { set } = cluster.membership;
    const { head, sequence } = cluster.state(0);
    const leader = cluster.leader(1, 2);
    const others = [0, 1, 2, 3].filter((at) => at !== leader);
    const lock = (view: number, seed: number): QuorumCertificate => {
      const vote = { sequence, view: toView(view), digest: sha256(new Uint8Array([seed])) };
      const votes = others.map((voter) => {
        const index = toValidatorIndex(voter);
        const message = cluster.sign(voter, { type: "prepare", ...vote, voter: index });
        if (message.type !== "prepare") throw new Error("a PREPARE");
        return message;
      });
      return createCertificate({ phase: "prepare", vote, set, votes });
    };
    const [old, recent] = [lock(0, 1), lock(1, 2)];
    const ask = (from: number, certificate: QuorumCertificate | undefined): ConsensusMessage => {
      const prepared = certificate && { view: certificate.view, digest: certificate.digest };
      const body = {
        validators: set.hash,
        sequence,
        newView: toView(2),
        parent: head.digest,
        prepared,
      };
      const voter = toValidatorIndex(from);
      const none = { parentCertificate: undefined, prepareCertificate: certificate };
      return cluster.sign(from, { type: "view-change", body, voter, ...none });
    };
    const sent: ConsensusMessage[] = [];
    cluster.send = (from, _, message) => {
      if (from === leader) sent.push(message);
    };
    const certificates = [recent, old, undefined];
    others.forEach((at, turn) => cluster.receive(leader, ask(at, certificates[turn]), at));
    cluster.run({ forMs: 5 });

    const newView = sent.find((message) => message.type === "new-view");
    expect(newView?.proposal.digest).toEqual(recent.digest);
    expect(newView?.prepareCertificate).toEqual(recent);
  });
});

describe("step", () => {
  test("equal arguments give equal transitions, and the state before is left as it was", () => {
    const { cluster, voter, propose, block } = createStage();
    const { config } = cluster.node(voter);
    const before = cluster.state(voter);
    const copy = structuredClone(before);
    const message = propose(block());
    const input = { type: "message", message, from: undefined, now: cluster.now } as const;

    const [first, second] = [step(config, before, input), step(config, before, input)];

    expect(first).toEqual(second);
    expect(before).toEqual(copy);
  });

  test("of the votes of a peer a few are kept, whatever views they name", () => {
    const { cluster, voter } = createStage();
    const { head, sequence } = cluster.state(voter);
    cluster.framed.add(3);
    for (let view = 0; view < 200; view++) {
      const digest = sha256(new Uint8Array([view]));
      const vote = { sequence, view: toView(view), digest, voter: toValidatorIndex(3) };
      cluster.receive(voter, cluster.sign(3, { type: "prepare", ...vote }), 3);
      cluster.receive(voter, cluster.sign(3, { type: "commit", ...vote }), 3);
    }
    const { prepares, commits, evidence } = cluster.state(voter);

    expect(head.header.sequence).toBe(0);
    // The first in the current view, and two of views that are not reached.
    expect([prepares.tally.length, commits.tally.length, evidence.length]).toEqual([3, 3, 0]);
  });
});

describe("time-outs", () => {
  test("B24: they grow by half with each view and never above the cap", () => {
    const config = createConfig({ genesis: GENESIS, id: toAccountId(GENESIS), parameters });
    const views = [0, 1, 2, 3, 4, 5, 6, 1_000_000].map((view) =>
      viewTimeoutMs(config, 0, toView(view)),
    );

    expect(views).toEqual([1_000, 1_500, 2_250, 3_375, 5_063, 7_595, 8_000, 8_000]);
  });

  test("P26: above 500 ms of latency they adapt after one block, and no view change is needless", () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 900 }), fc.integer(), (delay, seed) => {
        const cluster = new Cluster({ latency: [delay, delay + 50], seed }).startAll();
        const finalize = (goal: number): void => {
          cluster.work();
          const reached = () => cluster.heights().every((height) => height >= goal);
          expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);
        };
        finalize(1);
        cluster.run({ forMs: 10_000 });
        const first = Math.max(...cluster.heights());
        // A lone replica may ask for a view until it has measured, too; nobody follows it.
        for (let goal = first + 1; goal <= first + 3; goal++) finalize(goal);
        cluster.viewChanges.length = 0;
        for (let goal = first + 4; goal <= first + 6; goal++) finalize(goal);

        const later = cluster.node(0).app.blocks.slice(first);
        expect(later.map(({ certificate }) => certificate.view)).toEqual([0, 0, 0, 0, 0, 0]);
        expect(cluster.viewChanges).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

describe("validator sets", () => {
  test("B17: an application whose next set is not the one in the header stops its replica", () => {
    const cluster = new Cluster().startAll();
    const { app } = cluster.node(0);
    const { validators } = cluster.membership.set;
    const other = createValidatorSet(validators.slice(1));
    const commit = app.commit.bind(app);
    app.commit = (finalized) => ({ ...commit(finalized), validators: other });
    cluster.work();

    expect(() => cluster.run({ forMs: 2_000 })).toThrow("the set that votes next is certified");
  });

  test("B12: at a boundary each certificate is checked with the set of its own sequence", () => {
    const cluster = new Cluster({ powers: [3, 3, 3, 2, 2] });
    const { validators } = cluster.membership.set;
    const changed = createValidatorSet(
      validators.slice(0, 4).map((each) => ({ ...each, power: toAmount(each.power + 1n) })),
    );
    for (const { app } of cluster.nodes) {
      app.setAt = (sequence) => (sequence >= 3 ? changed : cluster.membership.set);
    }
    cluster.startAll();
    for (let goal = 1; goal <= 5; goal++) {
      cluster.work();
      const reached = () => cluster.heights().every((height) => height >= goal);
      expect(cluster.run({ forMs: 60_000, until: reached })).toBe(true);
    }

    // The fifth left at the boundary: it follows, and signs nothing any more.
    const { app } = cluster.node(0);
    expect(app.blocks[1]?.certificate.signers).toHaveLength(5);
    expect(app.blocks[2]?.certificate.signers).toHaveLength(4);
    expect(cluster.state(4).me).toBeUndefined();
    expect(cluster.height(4)).toBe(5);
  });
});
