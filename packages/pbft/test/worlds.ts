import fc from "fast-check";
import { Cluster } from "./cluster.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { strategies } from "./strategies.ts";

export const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** Powers of 4 to 7 validators, and as many Byzantine ones as less than a third of it allows. */
export const byzantineWorldsOf = (names: readonly string[]): fc.Arbitrary<ClusterOptions> =>
  fc
    .record({
      powers: fc.oneof(
        fc.constantFrom([1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1]),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 7 }),
      ),
      seed: seeds,
      names: fc.array(fc.constantFrom(...names), { minLength: 2, maxLength: 2 }),
      loss: fc.constantFrom(0, 0.05),
      spread: fc.constantFrom(0, 60),
    })
    .map(({ powers, seed, names: chosen, loss, spread }): ClusterOptions => {
      const probe = new Cluster({ powers });
      const { validators, totalPower } = probe.membership.set;
      const byzantine = new Map<number, (typeof strategies)[string]>();
      let faulty = 0n;
      for (const [at, { power }] of validators.entries()) {
        const strategy = strategies[chosen[byzantine.size % chosen.length] ?? ""];
        if (strategy === undefined || (faulty + power) * 3n >= totalPower) continue;
        faulty += power;
        byzantine.set(at, strategy);
      }
      return { powers, seed, loss, latency: [5, 5 + spread], byzantine: byzantine as never };
    });

export const byzantineWorlds: fc.Arbitrary<ClusterOptions> = byzantineWorldsOf(
  Object.keys(strategies),
);
