import { sha256 } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTestNetwork, drawWorld, runWorld } from "../../src/index.ts";
import { slownessOf } from "../../src/scenario/slow-blocks.ts";

describe("blocks that take long to verify", () => {
  test("are the same for every node, and as many as the rate says", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 0.1, 0.5, 1), fc.integer({ min: 1, max: 900 }), (rate, ms) => {
        const digests = Array.from({ length: 2_000 }, (_, at) =>
          sha256(Uint8Array.of(at, at >> 8, ms)),
        );
        const slow = digests.filter((digest) => {
          const is = slownessOf(digest, { rate, judgingMs: ms });
          expect([0, ms]).toContain(is);
          return is > 0;
        });
        expect(slow.length / digests.length).toBeCloseTo(rate, 1);
      }),
      { numRuns: 20 },
    );
  });

  test("cost the chain about the time that they take", async () => {
    const world = { nodeCount: 4, seed: 3, application: "counter", workEveryMs: 100, judgingMs: 0 };
    const blocks = async (slow: object): Promise<number> => {
      await using network = await createTestNetwork({ ...world, ...slow });
      await network.run(20_000);
      return network.report().lowestSequence;
    };

    const usual = await blocks({});
    const slow = await blocks({ slowBlocks: { rate: 1, judgingMs: 500 } });

    expect(slow).toBeGreaterThan(20);
    expect(slow).toBeLessThan(0.6 * usual);
  });

  test("are in every fifth random world, and a wrong rate is refused", async () => {
    const worlds = Array.from({ length: 400 }, (_, seed) => drawWorld({ seed }));
    const slow = worlds.filter(({ slowBlocks }) => slowBlocks !== undefined);
    expect(slow.length).toBeGreaterThan(30);
    expect(slow.length).toBeLessThan(130);
    await expect(runWorld({ nodeCount: 4, slowBlocks: { rate: 2, judgingMs: 1 } })).rejects.toThrow(
      /slowBlocks/,
    );
  });
});
