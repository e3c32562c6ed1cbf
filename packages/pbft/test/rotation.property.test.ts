import {
  createSigner,
  createValidatorSet,
  type Signer,
  sha256,
  type ValidatorSet,
} from "@aethel/models";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { findFinalizedDefect, type ReplicaEvent, sequenceOf } from "../src/index.ts";
import { GENESIS } from "./keys.ts";
import { VirtualWorld } from "./virtual-world.ts";
import { seeds } from "./worlds.ts";

const fresh = createSigner(sha256(new TextEncoder().encode("a fresh key")));

const worlds: VirtualWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** A world whose validator `index` votes with another key from the sequence `boundary` on. */
function rotating(seed: number, index: number, boundary: number): VirtualWorld {
  const world = new VirtualWorld({ seed, latency: [8, 12] });
  worlds.push(world);
  const { set } = world.membership;
  const rotated = createValidatorSet(
    set.validators.map((validator, at) =>
      at === index ? { ...validator, key: fresh.publicKey } : validator,
    ),
  );
  const setAt = (sequence: number): ValidatorSet => (sequence < boundary ? set : rotated);
  for (const node of world.nodes) node.counter.setAt = setAt;
  return world;
}

/** Every certificate that any node holds, checked against the set of its sequence. */
function expectValidChain(world: VirtualWorld): void {
  const { verify, set } = world.membership;
  for (const { counter } of world.nodes) {
    let previousSet = set;
    for (const finalized of counter.blocks) {
      const { sequence } = finalized.block.header;
      const own = counter.setAt(sequence);
      const context = { genesis: GENESIS, set: own, previousSet, verify };
      expect(findFinalizedDefect(finalized, context)).toBeUndefined();
      previousSet = own;
    }
  }
}

function refusals(world: VirtualWorld): readonly ReplicaEvent[] {
  return world.nodes.flatMap(({ events }) =>
    events.filter((event) => event.type === "discarded" && event.reason === "bad-signature"),
  );
}

const scenes = fc.record({
  seed: seeds,
  index: fc.nat({ max: 3 }),
  boundary: fc.integer({ min: 3, max: 7 }),
});

const BLOCKS = 12;

async function runToEnd(world: VirtualWorld): Promise<void> {
  const reached = (): boolean => world.nodes.every((_, at) => world.height(at) >= BLOCKS);
  expect(await world.run(120_000, reached)).toBe(true);
}

function quietReasons(world: VirtualWorld, index: number): readonly (string | undefined)[] {
  return world
    .node(index)
    .events.flatMap((event) => (event.type === "quiet" ? [event.reason] : []))
    .filter((reason) => reason !== "starting");
}

describe("own keys at epoch boundaries", () => {
  test("B26: with both keys the change is made at the boundary, under load, without a view change", async () => {
    await fc.assert(
      fc.asyncProperty(scenes, fc.boolean(), async ({ seed, index, boundary }, isLate) => {
        const world = rotating(seed, index, boundary);
        const { signers } = world.node(index);
        const add = (): number => signers.push(fresh);
        if (!isLate) add();
        await world.startAll();
        // A key that is made while the node runs.
        if (isLate) await world.run(30_000, () => world.height(index) >= 1);
        if (isLate) add();
        await runToEnd(world);

        expectValidChain(world);
        expect(refusals(world)).toEqual([]);
        expect(world.nodes.flatMap(({ events }) => events.filter(isViewChange))).toEqual([]);
        expect(quietReasons(world, index)).toEqual([undefined]);
        expect(signedAt(world, index).some((sequence) => sequence >= boundary)).toBe(true);
        await world.stop();
      }),
      { numRuns: 12 },
    );
  });

  test.each([
    ["only the new one: it is silent before the boundary", [fresh], true],
    ["only the old one: it is silent from the boundary on", undefined, false],
  ] as const)("B26: with %s, and nothing invalid leaves it", async (_, keys, isEarly) => {
    await fc.assert(
      fc.asyncProperty(scenes, async ({ seed, index, boundary }) => {
        const world = rotating(seed, index, boundary);
        const { signers } = world.node(index);
        if (keys !== undefined) signers.splice(0, signers.length, ...(keys as readonly Signer[]));
        await world.startAll();
        await runToEnd(world);

        expectValidChain(world);
        expect(refusals(world)).toEqual([]);
        const signed = signedAt(world, index);
        expect(signed.length).toBeGreaterThan(0);
        expect(signed.every((sequence) => sequence >= boundary === isEarly)).toBe(true);
        const reasons = quietReasons(world, index);
        expect(reasons).toContain("key-not-in-set");
        const status = world.node(index).replica?.status().quiet?.reason;
        expect(status).toBe(isEarly ? undefined : "key-not-in-set");
        await world.stop();
      }),
      { numRuns: 6 },
    );
  });

  test("B26 B41: what a broken signer signs is not sent, and counts for nothing at home either", async () => {
    const world = new VirtualWorld({ seed: 1 });
    worlds.push(world);
    const { signers } = world.node(0);
    const [signer] = signers;
    if (signer === undefined) throw new Error("there is one");
    signers[0] = { ...signer, sign: (object) => fresh.sign(object) };
    await world.startAll();
    await runToEnd(world);

    expectValidChain(world);
    expect(world.node(0).sent).toEqual([]);
    const own = world.node(0).events.filter((event) => event.type === "discarded");
    expect(own.some((event) => event.reason === "bad-signature")).toBe(true);
  });
});

function isViewChange(event: ReplicaEvent): boolean {
  return event.type === "view-changed";
}

/** Sequences at which a node has said something of its own. */
function signedAt(world: VirtualWorld, index: number): readonly number[] {
  return world.node(index).sent.map(sequenceOf);
}
