import {
  type Block,
  blockDigest,
  type ConsensusMessage,
  type FinalizedBlock,
  sha256,
  toSequence,
  toView,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { slotAt } from "../src/books/slots.ts";
import {
  createConfig,
  hashLeadership,
  LeadershipRecord,
  leaderAt,
  leaderOf,
  leadershipAfter,
  leadershipHashAfter,
  recover,
  type State,
  step,
} from "../src/index.ts";
import { likelyLeaderAfter } from "../src/schedule/leader-at.ts";
import { knownBlock } from "../src/state.ts";
import { Cluster } from "./cluster.ts";
import { parameters } from "./cluster-options.ts";
import { Counter } from "./counter.ts";
import { createMembership, GENESIS } from "./keys.ts";
import { createStage } from "./stage.ts";

/** Blocks follow a second apart, and who is waited for costs several: as in a real network. */
const PACE = { minBlockIntervalMs: 1_000, viewTimeoutMs: 5_000, viewTimeoutMaxMs: 60_000 };

/** One more block at all nodes that are up, work being there; false when none came. */
function advance(cluster: Cluster, up: readonly number[]): boolean {
  const goal = Math.max(...up.map((at) => cluster.height(at))) + 1;
  cluster.work();
  const until = (): boolean => up.every((at) => cluster.height(at) >= goal);
  return cluster.run({ forMs: 120_000, until });
}

/** Virtual milliseconds for `blocks` more. */
function timeOf(cluster: Cluster, up: readonly number[], blocks: number): number {
  const start = cluster.now;
  for (let block = 0; block < blocks; block++) expect(advance(cluster, up)).toBe(true);
  return cluster.now - start;
}

describe("throughput", () => {
  test("with f down, after max(10, n) blocks, 85 % of the blocks of an honest run are made, at least", () => {
    for (const [n, down] of [
      [4, [1]],
      [7, [0, 1]],
      [10, [1, 4, 7]],
    ] as const) {
      const powers = Array.from({ length: n }, () => 1);
      const everyone = powers.map((_, at) => at);
      const whole = new Cluster({ powers, parameters: PACE }).startAll();
      const honest = timeOf(whole, everyone, 4 * n) / (4 * n);
      const cluster = new Cluster({ powers, parameters: PACE });
      const up = everyone.filter((at) => !(down as readonly number[]).includes(at));
      for (const at of up) cluster.start(at);
      timeOf(cluster, up, Math.max(10, n));
      const each = timeOf(cluster, up, 4 * n) / (4 * n);
      expect(honest / each).toBeGreaterThanOrEqual(0.85);
    }
  });
});

describe("early proposals", () => {
  test("that of a stand-in is kept, also where only the current block says that it leads next", () => {
    let surprises = 0;
    for (const n of [4, 5, 7]) {
      for (let down = 0; down < n; down++) {
        const powers = Array.from({ length: n }, () => 1);
        const witness = (down + 1) % n;
        const states = new Map<number, State>();
        const proposals = new Map<number, ConsensusMessage>();
        const cluster: Cluster = new Cluster({
          powers,
          onStep: (node, occurrence) => {
            if (node !== witness) return;
            const state = cluster.state(witness);
            const digest = state.proposal?.proposal.digest;
            const isKnown = digest !== undefined && knownBlock(state, digest) !== undefined;
            if (isKnown && state.phase !== "committing") states.set(state.sequence, state);
            if (occurrence.type !== "message" || occurrence.message.type !== "pre-prepare") return;
            proposals.set(occurrence.message.proposal.sequence, occurrence.message);
          },
        });
        const up = powers.map((_, at) => at).filter((at) => at !== down);
        for (const at of up) cluster.start(at);
        timeOf(cluster, up, 2 * n + 4);
        const { config } = cluster.node(witness);
        for (const [sequence, state] of states) {
          const message = proposals.get(sequence + 1);
          if (message?.type !== "pre-prepare") continue;
          const { leader } = message.proposal;
          if (slotAt(state.early.proposals, leader) !== undefined) continue;
          if (likelyLeaderAfter(state.head, undefined, toView(0)) !== leader) surprises += 1;
          const input = { type: "message", message, from: undefined, now: cluster.now } as const;
          expect(slotAt(step(config, state, input).state.early.proposals, leader)).toEqual(message);
        }
      }
    }
    expect(surprises).toBeGreaterThan(0);
  });
});

describe("joining", () => {
  test("who joins late, and who starts again from its application, agrees on every leader", () => {
    const powers = [1, 1, 1, 1, 1, 1, 1];
    const cluster = new Cluster({ powers });
    const up = [0, 1, 2, 3, 4, 5];
    for (const at of up) cluster.start(at);
    timeOf(cluster, up, 25);
    const { leadership } = cluster.node(0).app.head;
    const { standings } = LeadershipRecord.decode(leadership ?? new Uint8Array());
    expect(standings.map(({ named }) => named < 20)).toEqual(powers.map((_, at) => at === 6));
    cluster.start(6);
    for (let block = 0; block < 12; block++) {
      const all = block > 4 ? [...up, 6] : up;
      expect(advance(cluster, all)).toBe(true);
      if (block === 7) {
        cluster.crash(2);
        cluster.start(2);
      }
      if (block < 5) continue;
      const [first, ...others] = all.map((at) => cluster.state(at));
      if (first === undefined) throw new Error("somebody is up");
      for (const state of others) {
        expect(state.head.leadership).toEqual(first.head.leadership);
        for (const view of [0, 1, 2, 3]) {
          expect(leaderAt(state, toView(view))).toBe(leaderAt(first, toView(view)));
        }
      }
      expect(hashLeadership(first.head.leadership ?? new Uint8Array())).toEqual(
        first.head.header.leadership,
      );
    }
  });

  test("an application that has lost the record, or holds another, is not started", () => {
    const cluster = new Cluster().startAll();
    timeOf(cluster, [0, 1, 2, 3], 3);
    const { config, app } = cluster.node(0);
    const start = (leadership: Uint8Array | undefined) => () =>
      recover({ config, head: { ...app.head, leadership }, entries: [], hasWork: false, now: 0 });

    expect(start(app.head.leadership)).not.toThrow();
    expect(start(undefined)).toThrow("CONFIG");
    expect(start(sha256(new Uint8Array()))).toThrow("CONFIG");
  });
});

describe("blocks", () => {
  test("one with another record in its header gets no vote, and a request for the next view", () => {
    const { look, propose, block, cluster } = createStage();
    cluster.now = 1_000;
    const forged = block({ leadership: sha256(new Uint8Array([1])) });

    const effects = look(propose(forged));
    const said = effects.flatMap((effect) =>
      effect.type === "sign-and-send" ? [effect.statement.type] : [],
    );

    expect(said).toEqual(["view-change"]);
    expect(effects.some(({ type }) => type === "verify")).toBe(false);
  });

  test("one with another record that a quorum made final stops the replica", () => {
    const { block, cluster, voter } = createStage();
    const forged = block({ leadership: sha256(new Uint8Array([1])) });
    const { config } = cluster.node(voter);
    const apply = (final: Block) => {
      const finalized = { block: final, certificate: certificateOf(final) };
      const input = { type: "finalized", finalized, now: cluster.now } as const;
      return step(config, cluster.state(voter), input);
    };

    expect(apply(forged).state.stopped).toBe(true);
    expect(apply(forged).effects.map(({ type }) => type)).toContain("diverge");
    expect(apply(block()).state.phase).toBe("committing");
  });

  test("the application is given the record with each block, and what it forgets is not relied on", () => {
    const cluster = new Cluster();
    const { app } = cluster.node(0);
    const given: (Uint8Array | undefined)[] = [];
    const commit = app.commit.bind(app);
    app.commit = (finalized, leadership) => {
      given.push(leadership);
      return { ...commit(finalized, leadership), leadership: undefined };
    };
    cluster.startAll();
    timeOf(cluster, [0, 1, 2, 3], 3);

    expect(given).toEqual([1, 2, 3].map(() => expect.any(Uint8Array)));
    expect(cluster.state(0).head.leadership).toEqual(cluster.state(1).head.leadership);
  });
});

describe("an application without a record", () => {
  test("has the plain schedule, and headers that say nothing of leaders", () => {
    const { set } = createMembership([1, 1, 1, 1]);
    const counter = new Counter(GENESIS, set);
    const { leadership, ...head } = counter.head;
    expect(leadership).toEqual(new Uint8Array());
    const config = createConfig({ genesis: GENESIS, id: head.header.proposer, parameters });
    expect(() => recover({ config, head, entries: [], hasWork: false, now: 0 })).not.toThrow();
    expect(leadershipAfter(head, undefined)).toBeUndefined();
    expect(leadershipHashAfter(head, undefined)).toEqual(head.header.leadership);
    const sequence = toSequence(1);
    for (const view of [0, 1, 2].map(toView)) {
      expect(leaderAt({ head, sequence }, view)).toBe(leaderOf(set, sequence, view));
    }
  });
});

function certificateOf(block: Block): FinalizedBlock["certificate"] {
  return {
    phase: "commit",
    sequence: block.header.sequence,
    view: toView(0),
    digest: blockDigest(block.header),
    signers: [true, true, true, true],
    seal: { type: "ed25519", signatures: [] },
  };
}
