import fc from "fast-check";

/** Powers of a small network, and its colluding nodes. */
export interface Crowd {
  readonly powers: readonly number[];
  readonly byzantineIds: readonly number[];
}

/** Colluders with up to 51 % of the power, or with just under a third of it. */
export const crowds: fc.Arbitrary<Crowd> = fc
  .record({
    powers: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 5 }),
    order: fc.array(fc.nat(), { minLength: 5, maxLength: 5 }),
    percentMax: fc.constantFrom(33, 51),
  })
  .map(({ powers, order, percentMax }) => {
    const total = powers.reduce((sum, power) => sum + power, 0);
    const nodes = [...powers.keys()].toSorted((a, b) => (order[a] ?? 0) - (order[b] ?? 0));
    const byzantineIds: number[] = [];
    for (const node of nodes) {
      const power = [...byzantineIds, node].reduce((sum, at) => sum + (powers[at] ?? 0), 0);
      if (power * 100 <= total * percentMax) byzantineIds.push(node);
    }
    return { powers, byzantineIds };
  });
