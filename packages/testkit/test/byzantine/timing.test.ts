import { type ConsensusMessage, signersOfCertificate } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawTiming, mutateTiming } from "../../src/byzantine/timing/draw-timing.ts";
import { findPlanProblems } from "../../src/byzantine/timing/timing-plan.ts";
import {
  createRandom,
  createTestNetwork,
  drawWorld,
  runWorld,
  TestkitError,
  type TimingPlan,
  VIRTUAL_EPOCH_MS,
  type WorldOptions,
} from "../../src/index.ts";

/** Node 3 is the Byzantine one. */
const WORLD = {
  nodeCount: 4,
  application: "counter",
  workEveryMs: 100,
  network: { byzantineIds: [3], jitterMs: 0 },
} satisfies WorldOptions;

interface Delivery {
  readonly to: number;
  readonly atMs: number;
  readonly message: ConsensusMessage;
}

/** Returns the messages of node 3 that reached the others in six virtual seconds. */
async function deliveriesOf(timing: TimingPlan): Promise<readonly Delivery[]> {
  const deliveries: Delivery[] = [];
  let now = (): number => 0;
  await using network = await createTestNetwork({
    ...WORLD,
    timing,
    onDelivered: ({ from, to, message }) => {
      if (from === 3) deliveries.push({ to, message, atMs: now() });
    },
  });
  now = () => network.nowMs;
  await network.run(6_000);
  return deliveries;
}

describe("a plan of timing", () => {
  test("gives the block to just enough nodes, and its bare header to the rest", async () => {
    const deliveries = await deliveriesOf({
      sends: [
        { what: "proposal", to: "enough" },
        { what: "proposal", how: "bare" },
      ],
    });

    const proposals = deliveries.filter(({ message }) => message.type === "pre-prepare");
    const withBlock = proposals.filter(
      ({ message }) => message.type === "pre-prepare" && message.outline !== undefined,
    );
    expect(new Set(withBlock.map(({ to }) => to))).toEqual(new Set([0, 1]));
    expect(new Set(proposals.map(({ to }) => to))).toEqual(new Set([0, 1, 2]));
  });

  test("tells own turns from those of others, and counts the own ones", async () => {
    const deliveries = await deliveriesOf({
      sends: [
        { what: "proposal", every: 2, nth: 1, how: "drop" },
        { what: "prepare", turns: "others", how: "drop" },
      ],
    });

    const sequences = (type: string): ReadonlySet<number> =>
      new Set(
        deliveries.flatMap(({ message }) => {
          if (message.type !== type) return [];
          return message.type === "pre-prepare"
            ? [message.proposal.sequence]
            : message.type === "prepare"
              ? [message.sequence]
              : [];
        }),
      );
    const proposed = [...sequences("pre-prepare")];
    expect(proposed.length).toBeGreaterThan(0);
    // The own PREPARE is sent in every own turn; in half of them no proposal is seen.
    expect(sequences("prepare").size).toBeGreaterThanOrEqual(proposed.length);
    for (const sequence of sequences("prepare")) {
      expect((sequence - (proposed[0] ?? 0)) % 4).toBe(0);
    }
  });

  test("dates its blocks ahead of its clock and leaves votes out of their certificates", async () => {
    const deliveries = await deliveriesOf({ dateMs: 90, omits: 1 });

    const blocks = deliveries.flatMap(({ message, atMs }) =>
      message.type === "pre-prepare" && message.outline !== undefined
        ? [{ ...message.outline, atMs }]
        : [],
    );
    expect(blocks.length).toBeGreaterThan(0);
    for (const { header, parentCertificate, atMs } of blocks) {
      expect(header.timestamp).toBeGreaterThan(VIRTUAL_EPOCH_MS + atMs);
      if (header.sequence < 3 || parentCertificate === undefined) continue;
      expect(signersOfCertificate(parentCertificate)).toHaveLength(3);
    }
  });

  test("lateness is by the rule: a proposal comes so much later", async () => {
    const first = async (lateMs: number): Promise<number> => {
      const deliveries = await deliveriesOf({ sends: [{ what: "proposal", lateMs }] });
      return deliveries.find(({ message }) => message.type === "pre-prepare")?.atMs ?? 0;
    };

    expect((await first(150)) - (await first(0))).toBe(150);
  });

  test("a peer that hangs, drips or is late leaves the others their progress", async () => {
    for (const how of ["hang", "one", "absent", "answer"] as const) {
      const timing: TimingPlan = {
        answers: [{ what: "any", how, lateMs: 1_900 }],
        flood: { what: "ahead", count: 3 },
      };
      const actions = [{ type: "crash", node: 0, atMs: 100, forMs: 3_000 }] as const;

      const report = await runWorld({ ...WORLD, timing, actions }, { faultsMs: 5_000 });

      expect(report.lowestSequence).toBeGreaterThan(2);
    }
  });

  test("a plan that makes no sense is refused", async () => {
    const timing: TimingPlan = { sends: [{ what: "prepare", every: 0, lateMs: -1 }] };

    await expect(createTestNetwork({ ...WORLD, timing })).rejects.toThrow(TestkitError);
    expect(findPlanProblems(timing)).toHaveLength(2);
  });

  test("whatever is drawn or changed makes sense, and is plain JSON", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = createRandom(seed);
        let plan = drawTiming(random);
        for (let at = 0; at < 20; at++) {
          expect(findPlanProblems(plan)).toEqual([]);
          expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
          plan = mutateTiming(random, plan);
        }
      }),
    );
  });
});

describe("clocks", () => {
  test.each([
    ["ahead", 5 * 3_600_000],
    ["back", -5 * 3_600_000],
  ])("one that jumps hours %s and returns costs seconds", async (_, byMs) => {
    // One node is silent, so every vote of the others counts once the clock is right again.
    const actions = [{ type: "clock-jump", node: 0, byMs, atMs: 2_000, forMs: 5_000 }] as const;
    const world = { ...WORLD, strategies: ["silent"], actions };

    const { progressMs } = await runWorld(world, { faultsMs: 8_000, boundMs: 20_000 });

    expect(progressMs).toBeLessThanOrEqual(20_000);
  });

  test("a genesis in the future is waited for", async () => {
    await using network = await createTestNetwork({ ...WORLD, startsInMs: 3_000 });

    await network.run(2_500);
    expect(network.report().highestSequence).toBe(0);
    await network.run(10_000);
    expect(network.report().lowestSequence).toBeGreaterThan(1);
  });
});

test("random worlds have plans, jumps, failing disks, older databases and a future genesis, and most have none", () => {
  const worlds = Array.from({ length: 400 }, (_, seed) => drawWorld({ seed }));
  const share = (has: (world: WorldOptions) => boolean): number =>
    worlds.filter(has).length / worlds.length;

  const shares = [
    share(({ timing }) => timing !== undefined),
    share(({ actions = [] }) => actions.some(({ type }) => type === "clock-jump")),
    share(({ actions = [] }) => actions.some(({ type }) => type === "disk")),
    share(({ actions = [] }) => actions.some(({ type }) => type === "roll-back")),
    share(({ startsInMs }) => startsInMs !== undefined),
  ];

  for (const part of shares) {
    expect(part).toBeGreaterThan(0.01);
    expect(part).toBeLessThan(0.5);
  }
});
