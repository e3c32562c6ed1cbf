import { toAmount } from "@aethel/models";
import { nextBaseFee, shareOfBlock, useOf } from "@aethel/rewards";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLaneCount } from "../../src/fees/base-fees.ts";
import { createStateOverlay } from "../../src/state/state-overlay.ts";
import { readValidator } from "../../src/validators/stake.ts";
import { payTips } from "../../src/validators/tips.ts";
import { accountOf, createWorld } from "../fixtures/world.ts";

const world = createWorld();
const { parameters } = world.state;
const few = fc.nat({ max: 9 });

describe("sums over the proofs of a block", () => {
  test("the proposer gets every tip, the last micro-token too, and its record counts it", () => {
    const tips = fc.array(fc.bigInt({ min: 0n, max: 2n }), { maxLength: 4 });
    const proposer = world.validators[0]?.id ?? world.alice.id;
    fc.assert(
      fc.property(tips, (all) => {
        const overlay = createStateOverlay(world.state.tree);
        const before = readValidator(overlay, proposer);

        payTips(
          overlay,
          proposer,
          all.map((tip) => ({ tip: toAmount(tip) })),
        );

        const sum = all.reduce((total, tip) => total + tip, 0n);
        const edits = overlay.changes().map(({ key, after }) => ({ key, value: after }));
        const tree = edits.length === 0 ? world.state.tree : world.state.tree.update(edits);
        expect(accountOf({ ...world.state, tree }, proposer).balance).toBe(sum);
        expect(readValidator(overlay, proposer)).toEqual({ ...before, tips: sum });
        expect(overlay.changes().length > 0).toBe(sum > 0n);
      }),
      { numRuns: 100 },
    );
  });

  test("base fees follow what each lane used, to the unit, and what it freed is not used", () => {
    const all = { bytes: 60, units: 80, judging: 50, growth: 40 };
    const used = fc.record({
      lane: fc.constantFrom("invoke" as const, "judged" as const),
      bytes: few,
      units: few,
      judging: few,
      growth: fc.integer({ min: -9, max: 9 }),
    });
    const fee = fc.bigInt({ min: 1n, max: 2n ** 40n }).map(toAmount);
    fc.assert(
      fc.property(fc.array(used, { maxLength: 6 }), fee, fee, (uses, invoke, judged) => {
        const count = createLaneCount(all);
        const baseFees = { invoke, judged };
        for (const one of uses) count.add(one);

        const next = count.next(baseFees, parameters);

        const floors = {
          invoke: parameters.invokeBaseFeeMin,
          judged: parameters.judgedBaseFeeMin,
        };
        for (const lane of ["invoke", "judged"] as const) {
          const own = uses.filter((one) => one.lane === lane);
          const sumOf = (name: "bytes" | "units" | "judging" | "growth"): number =>
            own.reduce((sum, one) => sum + one[name], 0);
          const growth = sumOf("growth");
          const sums = {
            bytes: sumOf("bytes"),
            units: sumOf("units"),
            judging: sumOf("judging"),
            growth: growth < 0 ? 0 : growth,
          };
          const share = useOf(sums, shareOfBlock(lane, all));
          const expected = { baseFee: baseFees[lane], used: share, floor: floors[lane] };
          expect(next[lane]).toBe(nextBaseFee(expected));
        }
      }),
      { numRuns: 200 },
    );
  });
});
