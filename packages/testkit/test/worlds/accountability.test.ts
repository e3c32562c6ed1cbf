import {
  type ConsensusMessage,
  findEvidenceDefect,
  hashGenesis,
  powerOf,
  toHex,
  toValidatorIndex,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convict, convictedOf } from "../../src/forensics.ts";
import { createTestNetwork, type WorldOptions } from "../../src/index.ts";
import { createFinalBlocks } from "./final-blocks.ts";

/** Coalitions of more than a third of four, and of seven: enough to fork a chain. */
const FORKS: readonly { readonly name: string; readonly world: WorldOptions }[] = [
  {
    name: "two of four vote for both blocks of an equivocating leader",
    world: {
      nodeCount: 4,
      byzantineCount: 2,
      strategies: ["equivocating-leader", "double-voter"],
    },
  },
  {
    name: "three of seven vote for both blocks of an equivocating leader",
    world: {
      nodeCount: 7,
      byzantineCount: 3,
      strategies: ["equivocating-leader", "double-voter"],
    },
  },
  {
    name: "two of four hide what they committed to, in a later view",
    world: {
      nodeCount: 4,
      byzantineCount: 2,
      strategies: ["double-voter", "forgetful"],
      ambush: { rate: 1, holdMs: 20_000, plan: "hidden-votes" },
    },
  },
];

describe("accountability: validators that fork a chain are convicted by the logs of honest nodes", () => {
  test.each(FORKS)("$name", async ({ world }) => {
    let forks = 0;
    for (let seed = 1; seed <= 60 && forks < 5; seed++) {
      const trial = await runToFork({ ...world, seed });
      if (trial === undefined) continue;
      forks += 1;
      expect(trial.convictedPower * 3n).toBeGreaterThan(trial.totalPower);
      expect(trial.wronged).toEqual([]);
    }

    expect(forks).toBe(5);
  });

  test("P36: in worlds that do not fork no honest node is ever convicted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1_000_000 }), async (seed) => {
        const world = { nodeCount: 4, byzantineCount: 1, seed, powerCuts: CUTS };
        const { wronged } = await watch(world, { untilFork: false, virtualMs: 4_000 });

        expect(wronged).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

const CUTS = { rate: 0.05, downMs: 5, most: 4 };

interface Trial {
  readonly forked: boolean;
  readonly convictedPower: bigint;
  readonly totalPower: bigint;
  /** Honest nodes that the evidence accuses. */
  readonly wronged: readonly string[];
}

async function runToFork(world: WorldOptions): Promise<Trial | undefined> {
  const trial = await watch(world, { untilFork: true, virtualMs: 15_000 });
  return trial.forked ? trial : undefined;
}

/** Runs a world without the checkers that a fork breaks; convicts by the honest nodes' logs. */
async function watch(
  world: WorldOptions,
  { untilFork, virtualMs }: { readonly untilFork: boolean; readonly virtualMs: number },
): Promise<Trial> {
  const { checker, finalized, isForked } = createFinalBlocks();
  const heard: ConsensusMessage[] = [];
  await using network = await createTestNetwork({
    ...world,
    application: "counter",
    workEveryMs: 300,
    onlyCheckers: [],
    checkers: [checker],
    onDelivered: ({ to, message }) => {
      if (!byzantine.has(to)) heard.push(message);
    },
  });
  const byzantine = new Set(
    network.nodes.filter((node) => node.isByzantine).map((node) => node.index),
  );
  // A fork may stop a replica that learns of the other branch, which is not under test here.
  await network
    .runUntil(() => untilFork && isForked(), { boundMs: virtualMs })
    .catch(() => undefined);
  const set = network.nodes[0]?.head.validators;
  if (set === undefined) throw new Error("there is a node");
  const evidence = convict({ messages: heard, finalized }, set);
  const genesis = hashGenesis(network.genesis);
  const honest = new Set(
    network.nodes.filter((node) => !node.isByzantine).map((node) => toHex(node.id)),
  );
  const sound = evidence.filter((item) => findEvidenceDefect(genesis, item) === undefined);
  const convicted = convictedOf(sound);
  const indices = set.validators.flatMap(({ id }, at) =>
    convicted.has(toHex(id)) ? [toValidatorIndex(at)] : [],
  );
  return {
    forked: isForked(),
    convictedPower: powerOf(set, indices),
    totalPower: set.totalPower,
    wronged: [...convicted].filter((id) => honest.has(id)),
  };
}
