import { toSequence, toTimestamp, toValidatorIndex, toView } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SigningRecord } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import { GENESIS } from "./keys.ts";
import { seeds } from "./worlds.ts";

const [VICTIM, LIAR] = [0, 3];
const lostLog = SigningRecord.encode({
  entries: [{ type: "listen", since: toTimestamp(1_000) }],
});

/** A cluster whose victim hears everybody, and is heard by the liar alone: its questions are lost. */
function createDeaf(options: { readonly seed: number; readonly onAsk: (at: number) => void }) {
  const cluster = new Cluster({
    seed: options.seed,
    parameters: { minBlockIntervalMs: 20 },
    asksFirst: true,
    onStep: (node, _, effects) => {
      if (node !== VICTIM) return;
      if (effects.some(({ type }) => type === "ask-signed-heads")) options.onAsk(cluster.now);
    },
  });
  cluster.connected = (from, to) => from !== VICTIM || to === LIAR;
  return cluster;
}

/** The liar votes twice, for one thing and another, at a view of its own. */
function lieOnce(cluster: Cluster, view: number): void {
  const { sequence } = cluster.state(VICTIM);
  for (const fill of [1, 2]) {
    const digest = GENESIS.map((byte) => byte ^ fill) as typeof GENESIS;
    const vote = { sequence: toSequence(sequence), view: toView(view), digest };
    const voter = toValidatorIndex(LIAR);
    cluster.receive(VICTIM, cluster.sign(LIAR, { type: "prepare", ...vote, voter }), LIAR);
  }
}

describe("who listens", () => {
  test("B26: asks on at its own pace, whatever others make meanwhile: blocks, or evidence", () => {
    const whats = fc.subarray(["blocks", "evidence"] as const);
    fc.assert(
      fc.property(
        seeds,
        fc.boolean(),
        whats,
        fc.integer({ min: 5, max: 240 }),
        (seed, isLost, what, everyMs) => {
          const asked: number[] = [];
          const cluster = createDeaf({ seed, onAsk: (at) => asked.push(at) });
          cluster.framed.add(LIAR);
          if (isLost) cluster.node(VICTIM).log = [lostLog];
          cluster.startAll();
          const started = cluster.now;
          const { resendIntervalMs } = cluster.node(VICTIM).config;
          const isOver = (): boolean => cluster.state(VICTIM).listening === undefined;
          for (let turn = 0; cluster.now < started + 5_000 && !isOver(); turn++) {
            if (what.includes("blocks")) cluster.work();
            if (what.includes("evidence")) lieOnce(cluster, turn);
            cluster.run({ forMs: everyMs, until: isOver });
          }

          const times = [started, ...asked, cluster.now];
          const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
          // Eager rounds are one interval apart, later ones four.
          expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * resendIntervalMs);
          expect(isOver()).toBe(!isLost);
          if (isLost) return;
          expect(cluster.now - started).toBeLessThanOrEqual(3 * resendIntervalMs + 2 * everyMs);
        },
      ),
      { numRuns: 60 },
    );
  });
});
