import { toAmount, toResource } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BASE_FEE_MAX,
  laneShare,
  nextBaseFee,
  type Room,
  WHOLE_LANE,
  weightOf,
  weightPrice,
} from "../src/index.ts";
import { bestDeviation, incomeOf, markets, type Policy } from "./market.ts";

const FLOOR = toAmount(1_000n);
const HALF = WHOLE_LANE / 2n;

/** The base fee after blocks that used so much, one after the other. */
function after(baseFee: bigint, uses: readonly bigint[], floor = toAmount(0n)): bigint {
  let now = toAmount(baseFee);
  for (const used of uses) now = nextBaseFee({ baseFee: now, used, floor });
  return now;
}

const uses = fc.bigInt({ min: 0n, max: 2n * WHOLE_LANE });
const baseFees = fc.bigInt({ min: 1_000n, max: 10n ** 12n }).map(toAmount);

describe("the base fee of a lane", () => {
  test("a full share raises it by an eighth, an empty one takes that back, half leaves it", () => {
    expect(after(8_000n, [WHOLE_LANE])).toBe(9_000n);
    expect(after(9_000n, [0n])).toBe(8_000n);
    expect(after(8_000n, [HALF])).toBe(8_000n);
    expect(after(8_000n, [HALF + HALF / 2n])).toBe(8_500n);
    // More than the share, because the other lane left room, counts as the whole share.
    expect(after(8_000n, [2n * WHOLE_LANE])).toBe(9_000n);
  });

  test("it never moves by more than an eighth, is never under its floor, and rises with any excess", () => {
    fc.assert(
      fc.property(baseFees, uses, (baseFee, used) => {
        const next = nextBaseFee({ baseFee, used, floor: FLOOR });
        expect(8n * next <= 9n * baseFee + 8n).toBe(true);
        expect(9n * next >= 8n * baseFee - 9n).toBe(true);
        expect(next >= FLOOR).toBe(true);
        if (used > HALF) expect(next > baseFee).toBe(true);
        if (used < HALF && baseFee > FLOOR) expect(next < baseFee).toBe(true);
      }),
    );
  });

  test("more use never means a lower base fee", () => {
    fc.assert(
      fc.property(baseFees, uses, uses, (baseFee, one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one];
        const next = (used: bigint): bigint => nextBaseFee({ baseFee, used, floor: FLOOR });
        expect(next(less) <= next(more)).toBe(true);
      }),
    );
  });

  test("an idle chain is back at the floor, from a hundred times it in 40 blocks, and stays", () => {
    const idle = Array.from({ length: 40 }, () => 0n);
    expect(after(100n * FLOOR, idle, FLOOR)).toBe(FLOOR);
  });

  test("it grows from a floor of 0, and never beyond its bound", () => {
    const busy = Array.from({ length: 400 }, () => WHOLE_LANE);
    expect(after(0n, busy.slice(0, 3))).toBe(3n);
    expect(after(1n, busy)).toBe(BASE_FEE_MAX);
  });

  test("blocks emptied on purpose do not lower it, when others take what they left out", () => {
    fc.assert(
      fc.property(baseFees, fc.integer({ min: 1, max: 8 }), uses, (baseFee, others, taken) => {
        // One block leaves out a part of what half a share would hold; the next ones share it.
        const left = taken % (HALF + 1n);
        const each = left / BigInt(others);
        const rest = left - each * BigInt(others);
        const absorbed = Array.from({ length: others }, (_, at) =>
          at === 0 ? HALF + each + rest : HALF + each,
        );
        const end = after(baseFee, [HALF - left, ...absorbed]);
        // One micro-token is lost to floors at each step, a billionth of the share at the first.
        expect(end >= baseFee - BigInt(others) - 2n - baseFee / 1_000_000n).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("stuffing and emptying own blocks", () => {
  test("R4: no policy of a proposer with a third of the turns pays, in any market", () => {
    for (const market of markets()) {
      const honest = incomeOf(market);
      const best = bestDeviation(market);
      // Half a percent is what the lumps of eight histories leave of chance.
      const most = honest + honest / 200n;
      expect(best.income <= most, `${market.name}: ${describePolicy(best.policy)}`).toBe(true);
    }
  });

  test("the model can tell: stuffing costs what is burned, and without that nothing", () => {
    const market = markets().find(({ name }) => name.startsWith("demand 100"));
    if (market === undefined) throw new Error("there is such a market");
    const stuffed = { include: 4, stuff: 4, every: 5 };
    expect(incomeOf(market, stuffed) < incomeOf(market) / 2n).toBe(true);
    expect(incomeOf({ ...market, burns: false }, stuffed) > incomeOf(market) / 2n).toBe(true);
  });
});

function describePolicy({ include, stuff, every }: Policy): string {
  return `takes ${include}/4, stuffs ${stuff}/4, in every ${every}th own block`;
}

describe("weight", () => {
  const rooms: fc.Arbitrary<Room> = fc.record({
    bytes: fc.nat({ max: 4_000_000 }),
    units: fc.nat({ max: 8_000_000 }),
    judging: fc.nat({ max: 320_000_000 }),
  });
  const limits = {
    blockBytesMax: 4_194_304,
    blockUnitsMax: toResource(8_000_000),
    blockResourceMax: toResource(320_000_000),
  };

  test("it is the largest share; a lane's whole share weighs 10^9, and the parts no less", () => {
    for (const lane of ["invoke", "judged"] as const) {
      const share = laneShare(lane, limits);
      expect(weightOf(share, share)).toBe(WHOLE_LANE);
      fc.assert(
        fc.property(rooms, rooms, (one, other) => {
          const both = {
            bytes: one.bytes + other.bytes,
            units: one.units + other.units,
            judging: one.judging + other.judging,
          };
          const sum = weightOf(one, share) + weightOf(other, share);
          expect(weightOf(both, share) <= sum).toBe(true);
          expect(weightOf(both, share) >= weightOf(one, share)).toBe(true);
        }),
      );
    }
  });

  test("a price is for a million units of it, rounded up", () => {
    expect(weightPrice(1_000n, WHOLE_LANE)).toBe(1_000_000n);
    expect(weightPrice(1_000n, 1n)).toBe(1n);
    expect(weightPrice(0n, WHOLE_LANE)).toBe(0n);
  });
});
