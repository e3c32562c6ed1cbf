import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../src/index.ts";

describe("random numbers", () => {
  test("the same seed gives the same numbers, another seed or label others", () => {
    const draw = (seed: number | string): readonly number[] => {
      const random = createRandom(seed);
      return Array.from({ length: 8 }, () => random.next());
    };

    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw("1/network")).toEqual(
      Array.from({ length: 8 }, (_, at) => at).map(
        (
          (random) => () =>
            random.next()
        )(createRandom(1).fork("network")),
      ),
    );
  });

  test("the stream is frozen: worlds of a seed stay the same from release to release", () => {
    const random = createRandom(1);

    expect([random.next(), random.next(), random.next(), random.next()]).toEqual(FROZEN);
  });

  test("below is uniform within bounds, shuffle keeps all items", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000 }), (seed, bound) => {
        const random = createRandom(seed);
        const items = Array.from({ length: bound % 20 }, (_, at) => at);

        expect(random.below(bound)).toBeLessThan(bound);
        expect(random.shuffle(items).toSorted((a, b) => a - b)).toEqual(items);
      }),
    );
    const counts = [0, 0, 0];
    const random = createRandom("uniform");
    for (let at = 0; at < 30_000; at++) {
      const drawn = random.below(3);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });
});

/** Numbers of seed 1. */
const FROZEN: readonly number[] = [643_451_234, 3_083_770_402, 715_688_048, 1_454_059_688];
