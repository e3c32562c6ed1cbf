import { beforeAll, describe, expect, test } from "vitest";
import {
  type Attack,
  crashedTwin,
  findThroughputDefect,
  findTurnDefect,
  isNear,
  measureThroughput,
  NAMED_PLANS,
  STRATEGIES,
  THROUGHPUT_FLOOR,
  type Throughput,
  throughputRatio,
  turnsLostPerFaultyTurn,
  untroubledTwin,
  type WorldOptions,
} from "../../src/index.ts";
import { WORST_ATTACKS } from "./worst-attacks.ts";

const SHORT = { warmUpMs: 6_000, virtualMs: 12_000 };

describe("the checker on throughput", () => {
  test("where delays are short the median of the ratios counts, of blocks or of proofs", () => {
    const trial = (blocks: number, proofsInAll: number) => ({
      attacked: work({ blocks, proofsInAll }),
      crashed: work({ blocks: 100, proofsInAll: 600 }),
    });

    expect(throughputRatio(trial(90, 600))).toBe(0.9);
    expect(throughputRatio(trial(90, 300))).toBe(0.5);
    expect(findThroughputDefect([trial(80, 600)])).toBeUndefined();
    expect(findThroughputDefect([trial(79, 600)])).toContain("79.0 %");
    expect(findThroughputDefect([trial(10, 600), trial(85, 600), trial(90, 600)])).toBeUndefined();
  });

  test("beyond, a faulty turn may cost as much as one of a crashed leader", () => {
    // A usual block takes 500 ms, a crashed leader's turn 2,000 more.
    const crashed = work({
      blocks: 110,
      usualGapMs: 500,
      lostViews: 2,
      lostGapsMs: [2_500, 1_000],
    });
    const attacked = (blocks: number, byzantineBlocks: number) =>
      work({ blocks, byzantineBlocks, lostViews: 0 });
    const turns = (blocks: number, byzantineBlocks: number): number =>
      turnsLostPerFaultyTurn({ attacked: attacked(blocks, byzantineBlocks), crashed });

    expect(turns(120, 0)).toBe(0);
    // 40 blocks, so 20 s or ten turns, are lost in eight turns and two at the edges.
    expect(turns(80, 8)).toBe(1);
    const trial = (blocks: number) => ({ attacked: attacked(blocks, 8), crashed });
    expect(findTurnDefect([trial(80)])).toBeUndefined();
    expect(findTurnDefect([trial(40)])).toContain("2.00 turns");
  });

  test("a sixth of the block interval separates short delays from long ones", () => {
    const world = (latencyMs: number): WorldOptions => ({
      nodeCount: 4,
      network: { latencyMs, jitterMs: 1 },
    });

    expect(isNear(world(40))).toBe(true);
    expect(isNear(world(41))).toBe(false);
    expect(
      isNear({
        nodeCount: 4,
        network: { latencyMs: 1, regions: ["sydney", "sydney", "oregon", "oregon"] },
      }),
    ).toBe(false);
  });

  test("once they are passed over, crashed nodes leave 85 % of the blocks of a world without", async () => {
    const world = floorWorld({ nodeCount: 4, seed: 1, attack: { strategies: ["silent"] } });

    const crashed = await measureThroughput(crashedTwin(world), SHORT);
    const untroubled = await measureThroughput(untroubledTwin(world), SHORT);

    expect(crashed.byzantineBlocks).toBe(0);
    expect(untroubled.lostViews).toBe(0);
    expect(crashed.blocks).toBeGreaterThanOrEqual(0.85 * untroubled.blocks);
  });
});

describe("B3: a Byzantine minority costs no more than as many crashed validators", () => {
  const crashed = new Map<number, Throughput>();

  beforeAll(async () => {
    for (const nodeCount of [4, 7]) {
      const world = floorWorld({ nodeCount, seed: 1, attack: { strategies: ["silent"] } });
      crashed.set(nodeCount, await measureThroughput(crashedTwin(world), SHORT));
    }
  }, 60_000);

  test.each(STRATEGIES.map(({ name }) => name))("one of four: %s", async (name) => {
    const attack = { strategies: [name] };

    expect(await ratioOf({ nodeCount: 4, seed: 1, attack })).toBeGreaterThanOrEqual(
      THROUGHPUT_FLOOR,
    );
  });

  const attacks = Object.entries({ ...planned(), ...WORST_ATTACKS });
  test.each(attacks)("two of seven: %s", async (_, attack) => {
    expect(await ratioOf({ nodeCount: 7, seed: 1, attack })).toBeGreaterThanOrEqual(
      THROUGHPUT_FLOOR,
    );
  });

  async function ratioOf(world: FloorWorld): Promise<number> {
    const baseline = crashed.get(world.nodeCount);
    if (baseline === undefined) throw new Error("the baseline was measured");
    const attacked = await measureThroughput(floorWorld(world), SHORT);
    return throughputRatio({ attacked, crashed: baseline });
  }
});

interface FloorWorld {
  readonly nodeCount: number;
  readonly seed: number;
  readonly attack: Partial<Attack>;
}

function floorWorld({ nodeCount, seed, attack }: FloorWorld): WorldOptions {
  const byzantineCount = Math.floor((nodeCount - 1) / 3);
  return { nodeCount, byzantineCount, seed, application: "counter", workEveryMs: 100, ...attack };
}

function planned(): Readonly<Record<string, Attack>> {
  return Object.fromEntries(
    Object.entries(NAMED_PLANS).map(([name, timing]) => [name, { timing, strategies: [] }]),
  );
}

function work(counts: Partial<Throughput>): Throughput {
  return {
    virtualMs: 60_000,
    blocks: 0,
    proofs: 0,
    proofsInAll: 0,
    lostViews: 0,
    byzantineBlocks: 0,
    punished: 0,
    gapsMs: [],
    usualGapMs: 0,
    lostGapsMs: [],
    ...counts,
  };
}
