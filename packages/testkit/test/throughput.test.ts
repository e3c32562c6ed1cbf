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
} from "../src/index.ts";
import { WORST_ATTACKS } from "./worst-attacks.ts";

const SHORT = { warmUpMs: 10_000, virtualMs: 20_000 };

describe("the checker on throughput", () => {
  test("where delays are short the median of the ratios counts, of blocks or of proofs", () => {
    const trial = (blocks: number, proofs: number) => ({
      attacked: work({ blocks, proofs }),
      crashed: work({ blocks: 100, proofs: 600 }),
      untroubled: work({ blocks: 120, proofs: 600 }),
    });

    expect(throughputRatio(trial(90, 600))).toBe(0.9);
    expect(throughputRatio(trial(90, 300))).toBe(0.5);
    expect(findThroughputDefect([trial(80, 600)])).toBeUndefined();
    expect(findThroughputDefect([trial(79, 600)])).toContain("79.0 %");
    expect(findThroughputDefect([trial(10, 600), trial(85, 600), trial(90, 600)])).toBeUndefined();
  });

  test("beyond, a faulty turn may cost what one of a crashed leader does", () => {
    // A usual block takes 500 ms, a crashed leader's turn 2,000 more.
    const untroubled = work({ blocks: 120 });
    const crashed = work({ blocks: 100, lostViews: 2, lostGapsMs: [2_500, 1_000] });
    const attacked = (blocks: number, byzantineBlocks: number) =>
      work({ blocks, byzantineBlocks, lostViews: 0 });
    const turns = (blocks: number, byzantineBlocks: number): number =>
      turnsLostPerFaultyTurn({ attacked: attacked(blocks, byzantineBlocks), crashed, untroubled });

    expect(turns(120, 0)).toBe(0);
    // 40 blocks and so 20 s, ten turns, are lost in eight turns and two at the edges.
    expect(turns(80, 8)).toBe(1);
    const trial = (blocks: number) => ({ attacked: attacked(blocks, 8), crashed, untroubled });
    expect(findTurnDefect([trial(80)])).toBeUndefined();
    expect(findTurnDefect([trial(40)])).toContain("2.00 turns");
  });

  test("a sixth of the block interval is what parts short delays from long ones", () => {
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

  test("a world with crashed nodes has them down, and the one without is untouched", async () => {
    const world = floorWorld({ nodeCount: 4, seed: 1, attack: { strategies: ["silent"] } });

    const crashed = await measureThroughput(crashedTwin(world), SHORT);
    const untroubled = await measureThroughput(untroubledTwin(world), SHORT);

    expect(crashed.byzantineBlocks).toBe(0);
    expect(untroubled.lostViews).toBe(0);
    expect(untroubled.blocks).toBeGreaterThan(crashed.blocks);
  });
});

describe("B3: a Byzantine minority costs no more than as many crashed validators", () => {
  let crashed: ReadonlyMap<string, Throughput>;

  beforeAll(async () => {
    const worlds = CROWDS.flatMap((nodeCount) => SEEDS.map((seed) => ({ nodeCount, seed })));
    const measured: (readonly [string, Throughput])[] = [];
    for (const { nodeCount, seed } of worlds) {
      const world = floorWorld({ nodeCount, seed, attack: { strategies: ["silent"] } });
      measured.push([`${nodeCount}/${seed}`, await measureThroughput(crashedTwin(world), SHORT)]);
    }
    crashed = new Map(measured);
  }, 60_000);

  test.each(STRATEGIES.map(({ name }) => name))("one of four: %s", async (name) => {
    const attack = { strategies: [name] };

    expect(await ratioOf({ nodeCount: 4, seed: 1, attack })).toBeGreaterThanOrEqual(
      THROUGHPUT_FLOOR,
    );
  });

  const attacks = Object.entries({ ...planned(), ...WORST_ATTACKS });
  test.each(attacks)("two of seven, in two worlds: %s", async (_, attack) => {
    const first = await ratioOf({ nodeCount: 7, seed: 1, attack });
    const second = await ratioOf({ nodeCount: 7, seed: 2, attack });

    expect(Math.max(first, second)).toBeGreaterThanOrEqual(THROUGHPUT_FLOOR);
  });

  async function ratioOf(world: FloorWorld): Promise<number> {
    const baseline = crashed.get(`${world.nodeCount}/${world.seed}`);
    if (baseline === undefined) throw new Error("the baseline was measured");
    const attacked = await measureThroughput(floorWorld(world), SHORT);
    return throughputRatio({ attacked, crashed: baseline });
  }
});

const CROWDS = [4, 7];
const SEEDS = [1, 2];

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
    lostViews: 0,
    byzantineBlocks: 0,
    punished: 0,
    gapsMs: [],
    lostGapsMs: [],
    ...counts,
  };
}
