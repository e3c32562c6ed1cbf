import { toHex } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Effect, Occurrence } from "../src/index.ts";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { byzantineWorlds } from "./worlds.ts";

const SECOND = 1_000;

describe("validation", () => {
  test("P1: before a replica signs a vote for a block, its own application has accepted that block", () => {
    let votes = 0;
    let silenced = 0;
    const worlds = fc.record({
      world: byzantineWorlds,
      validationMs: fc.constantFrom(0, 1, 300, 1_500),
      abstaining: fc.constantFrom(0, 0.3, 0.8),
    });
    fc.assert(
      fc.property(worlds, ({ world, validationMs, abstaining }) => {
        const ledger = createLedgerOfVerdicts();
        const options: ClusterOptions = { ...world, validationMs, onStep: ledger.onStep };
        const cluster = new Cluster(options).startAll();
        for (const { app } of cluster.nodes) {
          app.override = () =>
            cluster.random() < abstaining
              ? { type: "abstained", reason: "the Judge is busy" }
              : undefined;
        }
        for (let round = 0; round < 4; round++) {
          cluster.work();
          const victim = Math.floor(cluster.random() * cluster.nodes.length);
          const effect = cluster.node(victim).performed + Math.floor(cluster.random() * 12);
          cluster.crashAt = { node: victim, effect };
          cluster.run({ forMs: 2 * SECOND });
          cluster.nodes.forEach((node, at) => {
            if (node.state === undefined) cluster.start(at);
          });
        }
        expect(ledger.unchecked()).toEqual([]);
        votes += ledger.votes();
        silenced += ledger.abstentions();
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 150, seed: 1 },
    );

    // The rule was put to the test: there was something to vote for, and reasons not to.
    expect(votes).toBeGreaterThan(100);
    expect(silenced).toBeGreaterThan(100);
  });
});

/** Ledger of verdicts over all lives of a node: a vote that is in its log may be sent again. */
function createLedgerOfVerdicts() {
  const accepted = new Set<string>();
  const unchecked: string[] = [];
  let votes = 0;
  let abstentions = 0;
  const onStep = (node: number, occurrence: Occurrence, effects: readonly Effect[]): void => {
    if (occurrence.type === "verdict") {
      const { digest, verdict } = occurrence;
      if (verdict.type === "accepted") accepted.add(`${node} ${toHex(digest)}`);
      else abstentions += 1;
    }
    for (const effect of effects) {
      if (effect.type !== "sign-and-send") continue;
      const { statement } = effect;
      if (statement.type !== "prepare" && statement.type !== "commit") continue;
      votes += 1;
      const vote = `${node} ${toHex(statement.digest)}`;
      if (!accepted.has(vote)) unchecked.push(`${statement.type} ${vote}`);
    }
  };
  return {
    onStep,
    unchecked: () => unchecked,
    votes: () => votes,
    abstentions: () => abstentions,
  };
}
