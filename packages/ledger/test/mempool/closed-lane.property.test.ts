import { itemProof, Proof, toResource, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildBlock } from "../../src/application/build-block.ts";
import { earliestTimestamp } from "../../src/index.ts";
import { mostUnits } from "../../src/metering/shares.ts";
import { intrinsicUnits } from "../../src/metering/units.ts";
import { createPool } from "../fixtures/pools.ts";
import { certify, createWorld, person, step, transfer, type World } from "../fixtures/world.ts";

const HONEST = 40;
const ATTACKERS = 90;
const START = 1_000_000_000n;
const world = createWorld({
  balances: Array.from({ length: HONEST + ATTACKERS + 3 }, () => START),
});
const people = Array.from({ length: HONEST + ATTACKERS }, (_, at) => person(`person ${at + 3}`));
const honest = people.slice(0, HONEST);
const attackers = people.slice(HONEST);
const { parameters } = world.genesis;

/** Most that a call without cosigners may name as its resource limit. */
const probe = transfer(world, world.alice, world.bob.id, { nonce: 0, amount: 1n });
const MOST = mostUnits(probe.body, parameters) - intrinsicUnits({ body: probe.body, bytes: 400 });

/** A way to stand in front of others with something that may not run. */
const tricks = fc.record({
  resourceLimit: fc.oneof(
    fc.integer({ min: 400, max: MOST }),
    fc.constantFrom(MOST, MOST >> 1, 1_000),
  ),
  /** The first of two proofs leaves nothing that the second could pay with. */
  drains: fc.boolean(),
});

function build(pool: ReturnType<typeof createPool>, { state, tools, ...of }: World = world) {
  const { header, votingSet } = state;
  const proposer = votingSet.validators[0]?.id;
  if (proposer === undefined) throw new Error("no validator");
  const request = {
    sequence: toSequence(header.sequence + 1),
    timestamp: earliestTimestamp(state),
    proposer,
    parentCertificate: certify({ state, tools, ...of }, state),
    evidence: [],
    leadership: header.leadership,
    reason: "work" as const,
  };
  const built = buildBlock(state, pool, request, tools);
  if (built === undefined) throw new Error("there was work");
  return built.block;
}

describe("a lane of the block", () => {
  test("is not closed by calls that reserve much, or whose author has nothing left for them", () => {
    fc.assert(
      fc.property(
        fc.array(tricks, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (kinds, isDearer) => {
          const pool = createPool(world);
          const [theirs, ours] = isDearer ? [3_000n, 2_000n] : [2_000n, 3_000n];
          attackers.forEach((who, at) => {
            const { resourceLimit, drains } = kinds[at % kinds.length] ?? { resourceLimit: 1_000 };
            const feeLimit = START / 4n;
            const amount = drains === true ? START - feeLimit : 1n;
            const shape = { feeLimit, tip: theirs };
            const first = { ...shape, nonce: 0, amount, resourceLimit: 2_000 };
            pool.add(transfer(world, who, world.bob.id, first));
            // Behind all the first ones, and before the honest where these are cheaper.
            const second = { ...shape, tip: theirs - 100n, nonce: 1, amount: 1n, resourceLimit };
            pool.add(transfer(world, who, world.bob.id, second));
          });
          for (const who of honest) {
            const usual = { nonce: 0, amount: 1n, resourceLimit: 2_000, tip: ours };
            const added = pool.add(transfer(world, who, world.bob.id, usual));
            expect(added.type).toBe("accepted");
          }

          const names = new Set(honest.map(({ id }) => String(id)));
          const block = build(pool);
          const served = block.items
            .map(itemProof)
            .filter(({ body }) => names.has(String(body.author)));
          expect(served.length).toBe(HONEST);
        },
      ),
      { numRuns: 12 },
    );
  });

  test("a proof may reserve a quarter of the block when it is a call, half of it when it is judged", () => {
    const refused = (resourceLimit: number): string | undefined => {
      const proof = transfer(world, world.alice, world.bob.id, {
        nonce: 0,
        amount: 1n,
        resourceLimit,
        feeLimit: START / 2n,
      });
      const added = createPool(world).add(proof);
      return added.type === "refused" ? `${added.code}: ${added.message}` : undefined;
    };
    expect(mostUnits({ type: "invoke" }, parameters)).toBe(parameters.blockUnitsMax / 4);
    expect(mostUnits({ type: "theorem" }, parameters)).toBe(parameters.blockUnitsMax / 2);
    expect(mostUnits({ type: "publish" }, parameters)).toBe(parameters.blockUnitsMax / 2);
    expect(refused(MOST)).toBeUndefined();
    expect(refused(parameters.blockUnitsMax / 4)).toMatch(/^resource-limit: .* may take 2000000$/);
  });

  test("has room for calls that reserve all they may, whatever certificate a large set has", () => {
    const founded = createWorld({
      stakes: Array.from({ length: 2_000 }, () => START),
      balances: Array.from({ length: 83 }, () => START),
      parameters: { blockUnitsMax: toResource(4_000_000) },
    });
    const large = { ...founded, state: step(founded, founded.state).state };
    const share = mostUnits({ type: "invoke" }, large.genesis.parameters);
    const pool = createPool(large);
    const all = Array.from({ length: 80 }, (_, at) => person(`person ${at + 3}`));
    for (const [at, who] of all.entries()) {
      const call = { nonce: 0, amount: 1n, feeLimit: START / 4n };
      const body = transfer(large, who, large.bob.id, { ...call, resourceLimit: 900_000 });
      const own = intrinsicUnits({ body: body.body, bytes: Proof.encode(body).length });
      const kind =
        at < 70 ? { resourceLimit: share - own - 20, tip: 3_000n } : { resourceLimit: 2_000 };
      expect(pool.add(transfer(large, who, large.bob.id, { ...call, ...kind })).type).toBe(
        "accepted",
      );
    }

    const block = build(pool, large);
    const served = block.items.map(itemProof).filter(({ body }) => body.resourceLimit === 2_000);
    expect(served.length).toBe(10);
    // Of those that reserve a quarter there are some in front.
    expect(block.items.length).toBeGreaterThan(10);
  });
});
