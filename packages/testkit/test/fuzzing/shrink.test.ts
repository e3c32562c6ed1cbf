import { createReplica } from "@aethel/pbft";
import { describe, expect, test } from "vitest";
import {
  drawWorld,
  runWorld,
  shrinkWorld,
  type Violation,
  violationOf,
  type WorldOptions,
} from "../../src/index.ts";

/** A replica that forgets all that it signed when it stops. */
const forgetful: typeof createReplica = (options) =>
  createReplica({
    ...options,
    signingLog: { ...options.signingLog, append: async () => undefined },
  });

const run = (world: WorldOptions): Promise<Violation | undefined> =>
  violationOf(runWorld({ ...world, createReplica: forgetful }));

describe("shrinking", () => {
  test("a world that breaks a wrong engine becomes a small one that breaks it the same way", async () => {
    const found = await firstViolation();
    const { world, violation, tried } = await shrinkWorld(found, { run, tries: 60 });

    expect(violation.checker).toBe("double-signing");
    expect(tried).toBeLessThanOrEqual(60);
    expect(sizeOf(world)).toBeLessThan(0.7 * sizeOf(found.world));
    expect(await run(world)).toEqual(violation);
    expect(violation.replay).toMatch(/^npm run sim -- replay '\{/);
  });

  test("it is deterministic, and a bound of tries is kept", async () => {
    const found = await firstViolation();
    const one = await shrinkWorld(found, { run, tries: 7 });

    expect(one.tried).toBe(7);
    expect(await shrinkWorld(found, { run, tries: 7 })).toEqual(one);
  });

  test("only the parts of a timing plan and of machine faults that matter are left", async () => {
    const violation: Violation = {
      code: "VIOLATION",
      checker: "agreement",
      reason: "",
      atMs: 1,
      step: 1,
      replay: "",
    };
    const found = {
      violation,
      world: {
        nodeCount: 4,
        startsInMs: 4_000,
        strategies: [],
        network: { byzantineIds: [0] },
        timing: {
          sends: [
            { what: "proposal", how: "bare" },
            { what: "prepare", lateMs: 5 },
          ],
          answers: [{ what: "any", how: "hang" }],
          dateMs: 60,
          omits: 1,
          flood: { what: "ahead", count: 1 },
        },
        actions: [
          { type: "clock-jump", node: 1, byMs: 5, atMs: 0 },
          { type: "disk", node: 1, fault: "full", atMs: 0 },
          { type: "roll-back", node: 1, blocks: 1, atMs: 0 },
        ],
      } satisfies WorldOptions,
    };
    const matters = async (world: WorldOptions): Promise<Violation | undefined> => {
      const { timing = {}, actions = [] } = world;
      const isBare = timing.sends?.some(({ how }) => how === "bare") === true;
      return isBare && actions.some(({ type }) => type === "disk") ? violation : undefined;
    };

    const { world } = await shrinkWorld(found, { run: matters, strategies: ["silent"] });

    expect(world.timing).toEqual({ sends: [{ what: "proposal", how: "bare" }] });
    expect(world.actions?.map(({ type }) => type)).toEqual(["disk"]);
    expect(world.startsInMs).toBeUndefined();
    expect(world.strategies).toEqual([]);
  });

  test("a world that breaks another property is not taken for the same", async () => {
    const found = await firstViolation();
    const other = { ...found.violation, checker: "progress" };
    const { world } = await shrinkWorld(found, { run: async () => other, tries: 20 });

    expect(world).toEqual(found.world);
  });
});

async function firstViolation(): Promise<{
  readonly world: WorldOptions;
  readonly violation: Violation;
}> {
  for (let seed = 1; ; seed++) {
    const world = drawWorld({ seed, faultsMs: 6_000 });
    if ((world.actions ?? []).length < 3) continue;
    const violation = await run(world);
    if (violation?.checker === "double-signing") return { world, violation };
  }
}

/** Returns the number of parts of a world that a reader has to look at. */
function sizeOf(world: WorldOptions): number {
  const { network = {}, actions = [], faultsMs = 0, nodeCount } = world;
  const faults = Object.values(network).filter((value) => typeof value === "number" && value > 0);
  return nodeCount + 3 * actions.length + faults.length + faultsMs / 1_000;
}
