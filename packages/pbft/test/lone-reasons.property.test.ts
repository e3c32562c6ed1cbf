import { type Evidence, sha256, toDigest, toValidatorIndex, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaderAt } from "../src/schedule/leader-at.ts";
import { Cluster } from "./cluster.ts";
import { seeds } from "./worlds.ts";

const LIAR = 3;
const powers = fc.constantFrom([1, 1, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]);

/** Returns the leader of the current sequence. */
function leaderNow(cluster: Cluster): number {
  return leaderAt(cluster.state(0), toView(0));
}

/** The liar tells one replica two things in one view. */
function contradict(cluster: Cluster, witness: number, view: number): void {
  cluster.framed.add(LIAR);
  const { sequence } = cluster.state(witness);
  for (const seed of [1, 2]) {
    const digest = toDigest(sha256(new Uint8Array([seed])));
    const voter = toValidatorIndex(LIAR);
    const vote = { type: "commit", sequence, view: toView(view), digest, voter } as const;
    cluster.receive(witness, cluster.sign(LIAR, vote), LIAR);
  }
}

function settled(cluster: Cluster): readonly Evidence[] {
  return cluster.node(0).app.blocks.flatMap(({ block }) => block.evidence);
}

interface IdleChain {
  readonly cluster: Cluster;
  /** Leaders of the views that were given up. */
  readonly losers: readonly number[];
}

/** A chain in which nothing is pending, a few blocks long. */
function idleChain(options: ConstructorParameters<typeof Cluster>[0], blocks: number): IdleChain {
  const losers: number[] = [];
  const cluster: Cluster = new Cluster({
    scheme: "ed25519",
    ...options,
    onStep(node, _, effects) {
      for (const effect of effects) {
        if (effect.type !== "report" || effect.event.type !== "view-changed") continue;
        const lost = toView(effect.event.view - 1);
        losers.push(leaderAt(cluster.state(node), lost));
      }
    },
  }).startAll();
  for (let block = 0; block < blocks; block++) {
    cluster.work();
    cluster.run({ forMs: 4_000 });
  }
  return { cluster, losers };
}

describe("a reason for a block that only some have", () => {
  test("P10: a listener that asks all but the leader costs no honest leader its view", () => {
    const turns = fc.array(fc.nat(), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(seeds, powers, turns, (seed, all, each) => {
        const { cluster, losers } = idleChain({ seed, powers: all }, 2);
        const { id } = cluster.node(LIAR).config;
        for (const turn of each) {
          const lead = leaderNow(cluster);
          const asked = all.flatMap((_, at) =>
            at === LIAR || at === lead || (turn >> at) % 4 === 0 ? [] : [at],
          );
          for (const at of asked) cluster.input(at, { type: "listener", validator: id });
          if (turn % 3 === 0) cluster.work();
          cluster.run({ forMs: 6_000 });
        }

        expect(losers.filter((at) => at !== LIAR)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("P10 P36: evidence that cannot reach the leader yet costs it no view, and is in a block later", () => {
    fc.assert(
      fc.property(seeds, powers, fc.nat({ max: 8 }), (seed, all, blocks) => {
        const { cluster, losers } = idleChain({ seed, powers: all }, blocks);
        const lead = leaderNow(cluster);
        fc.pre(lead !== LIAR);
        const witness = [0, 1, 2].find((at) => at !== lead) ?? 0;
        cluster.connected = (from, to) => from !== witness && to !== witness;
        contradict(cluster, witness, 7);
        cluster.run({ forMs: 20_000 });
        expect(losers.filter((at) => at !== LIAR)).toEqual([]);
        expect(settled(cluster)).toEqual([]);

        cluster.connected = () => true;
        const isOver = (): boolean => settled(cluster).length > 0;
        expect(cluster.run({ forMs: 20_000, until: isOver })).toBe(true);
        expect(losers.filter((at) => at !== LIAR)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test("P36: a leader that proposes nothing against itself is replaced, on an idle chain too", () => {
    fc.assert(
      fc.property(seeds, powers, fc.nat({ max: 2 }), (seed, all, witness) => {
        const { cluster, losers } = idleChain({ seed, powers: all }, 0);
        for (let block = 0; leaderNow(cluster) !== LIAR && block < 20; block++) {
          cluster.work();
          cluster.run({ forMs: 4_000 });
        }
        expect(leaderNow(cluster)).toBe(LIAR);
        cluster.node(LIAR).app.propose = () => undefined;
        contradict(cluster, witness, 7);
        const isOver = (): boolean => settled(cluster).length > 0;

        expect(cluster.run({ forMs: 60_000, until: isOver })).toBe(true);
        expect(losers.filter((at) => at !== LIAR)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
