import { type ConsensusMessage, toValidatorIndex, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { step } from "../src/index.ts";
import { intervalWaitMs, proposalWaitMs } from "../src/timing/pacing.ts";
import { proposalSlackMs } from "../src/timing/timing.ts";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions, Strategy } from "./cluster-options.ts";
import { equivocating } from "./strategies.ts";

const INTERVAL = 600;
const TIMEOUT = 5_000;

function busy(options: ClusterOptions = {}): Cluster {
  const cluster = new Cluster({
    scheme: "trusted",
    latency: [20, 40],
    ...options,
    parameters: {
      minBlockIntervalMs: INTERVAL,
      viewTimeoutMs: TIMEOUT,
      viewTimeoutMaxMs: 20_000,
      ...options.parameters,
    },
  });
  for (const { app } of cluster.nodes) {
    app.isAlwaysBusy = true;
    app.pending = 1;
  }
  return cluster;
}

/** The longest time between two blocks from when most leaders have been measured. */
function longestGap(cluster: Cluster): number {
  const times = [...cluster.finalizedAt.values()].slice(4);
  return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** It withholds its votes in its own turns. */
const withoutOwnVotes =
  (proposing: Strategy): Strategy =>
  (cluster, from, message, to) => {
    const isVote = message.type === "prepare" || message.type === "commit";
    if (isVote) return cluster.leader(message.sequence, 0) === from ? [] : [message];
    return message.type === "pre-prepare" ? proposing(cluster, from, message, to) : [message];
  };

describe("a leader that sets voters against each other", () => {
  test.each([0, 1, 2, 3])("P41: with two proposals, as %i, it costs no time-out", (faulty) => {
    const byzantine = new Map([[faulty, withoutOwnVotes(equivocating)]]);
    const cluster = busy({ byzantine }).startAll();
    cluster.run({ forMs: 30_000 });

    expect(longestGap(cluster)).toBeLessThan(TIMEOUT / 2);
    expect(cluster.viewChanges.some(({ cause }) => cause === "overdue")).toBe(true);
  });

  test.each([-60, -30, -10, 0, 10])(
    "P41: with a proposal %i ms around the deadline, not to all, it costs no time-out",
    (shift) => {
      const faulty = 2;
      const proposing: Strategy = (cluster, from, message, to) => {
        const { state, config } = cluster.node(to);
        if (state === undefined || to === (faulty + 1) % 4) return [];
        const slack = proposalSlackMs({ config, state }) ?? 0;
        cluster.delay(Math.max(0, slack + shift), () => cluster.receive(to, message, from));
        return [];
      };
      const cluster = busy({
        byzantine: new Map([[faulty, withoutOwnVotes(proposing)]]),
      }).startAll();
      cluster.run({ forMs: 60_000 });

      expect(longestGap(cluster)).toBeLessThan(TIMEOUT / 2);
      expect(Math.min(cluster.height(0), cluster.height(1), cluster.height(3))).toBeGreaterThan(80);
    },
  );
});

/** A request for the view after the one that a node is in, which owns up to nothing. */
function requestBy(cluster: Cluster, from: number): ConsensusMessage {
  const { head, sequence, view } = cluster.state(from);
  const newView = toView(view + 1);
  const validators = head.validators.hash;
  const body = { validators, sequence, newView, parent: head.digest, prepared: undefined };
  return cluster.sign(from, {
    type: "view-change",
    body,
    voter: toValidatorIndex(from),
    parentCertificate: head.certificate,
    prepareCertificate: undefined,
  });
}

describe("blocks that take long to validate", () => {
  /**
   * Every so many-th block takes so long to validate, as whoever pays can make it; others are as
   * fast.
   */
  interface Work {
    readonly heavyMs: number;
    readonly every: number;
    /** Time that the second machine takes, in percent of the first's. */
    readonly slower: number;
  }

  function blocksIn(forMs: number, work: Work, isAsking: boolean): number {
    const faulty = 1;
    const cluster: Cluster = busy({
      byzantine: new Map([[faulty, () => []]]),
      parameters: { minBlockIntervalMs: 250, viewTimeoutMs: 2_000 },
      validationFor({ header }, node) {
        const ms = header.sequence % work.every === 0 ? work.heavyMs : 5;
        return node === 0 ? Math.floor((ms * work.slower) / 100) : ms;
      },
      onStep(node, occurrence) {
        const isProposal = occurrence.type === "message" && occurrence.message.type !== "prepare";
        if (!isAsking || node !== faulty || !isProposal) return;
        const request = requestBy(cluster, faulty);
        for (const to of cluster.honest()) cluster.send(faulty, to, request);
      },
    });
    cluster.startAll();
    cluster.run({ forMs });
    return Math.max(...cluster.heights());
  }

  test("P41: one that gives each view up costs no more than one that is silent", () => {
    fc.assert(
      fc.property(
        fc.record({
          heavyMs: fc.integer({ min: 100, max: 1_500 }),
          every: fc.integer({ min: 2, max: 5 }),
          slower: fc.integer({ min: 100, max: 180 }),
        }),
        (work) => {
          const silent = blocksIn(20_000, work, false);
          expect(blocksIn(20_000, work, true)).toBeGreaterThanOrEqual(0.8 * silent);
        },
      ),
      { numRuns: 15, seed: 1 },
    );
  });
});

describe("deadlines of the own replica", () => {
  test("a leader that still builds does not give itself up, and others do", () => {
    const cluster = busy().startAll();
    cluster.run({ forMs: 6_000 });
    const sequence = cluster.height(0) + 1;
    const leader = cluster.leader(sequence, 0);
    (cluster.options as { validationMs: number }).validationMs = 60_000;
    cluster.run({ forMs: INTERVAL, until: () => cluster.state(leader).proposing === 0 });
    const asks = (node: number): boolean => {
      const input = { type: "timeout", timer: "deadline", now: cluster.now } as const;
      const { effects } = step(cluster.node(node).config, cluster.state(node), input);
      return effects.some(({ type }) => type === "sign-and-send");
    };

    expect(cluster.state(leader).sequence).toBe(sequence);
    expect([0, 1, 2, 3].filter(asks)).toEqual([0, 1, 2, 3].filter((node) => node !== leader));
  });

  test("B34: however far off the time of day is, it is looked at again within a second", () => {
    const cluster = busy().startAll();
    cluster.run({ forMs: 6_000 });
    const { config } = cluster.node(0);
    const state = cluster.state(0);
    for (const error of [0, -1_000, -60_000, -86_400_000]) {
      const times = { config, state, now: cluster.now + error, elapsed: cluster.now };
      expect(proposalWaitMs(times)).toBeLessThanOrEqual(Math.max(1_000, intervalWaitMs(times)));
      if (error < -2_000) expect(proposalWaitMs(times)).toBe(1_000);
    }
  });
});
