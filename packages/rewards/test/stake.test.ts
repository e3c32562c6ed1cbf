import { toAmount, toTimestamp } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  absenceJails,
  evidenceAcceptedUntil,
  meetsMinimumStake,
  unbondsAt,
  votingPower,
} from "../src/index.ts";
import { parameters, sum } from "./arbitraries.ts";

const stakes = fc.bigInt({ min: 0n, max: 2n ** 60n }).map(toAmount);

describe("stake", () => {
  test("P17: under the minimum stake there is no power, from it on there is", () => {
    fc.assert(
      fc.property(parameters, (economics) => {
        const least = toAmount(economics.minimumStake);
        const below = toAmount(economics.minimumStake - 1n);
        expect(meetsMinimumStake(least, economics)).toBe(true);
        expect(votingPower(least, economics)).toBe(economics.minimumStake);
        expect(meetsMinimumStake(below, economics)).toBe(false);
        expect(votingPower(below, economics)).toBe(0n);
      }),
    );
  });

  test("absence jails from the time on that the chain names, and no millisecond sooner", () => {
    fc.assert(
      fc.property(parameters, (economics) => {
        const { absenceMs } = economics;
        expect(absenceJails(absenceMs, economics)).toBe(true);
        expect(absenceJails(absenceMs - 1, economics)).toBe(false);
      }),
    );
  });

  test("P27: stake split over many identities has the same power if each meets the minimum, else less", () => {
    fc.assert(
      fc.property(
        fc.array(stakes, { minLength: 1, maxLength: 15 }),
        parameters,
        (parts, economics) => {
          const whole = votingPower(toAmount(sum(parts)), economics);
          const split = sum(parts.map((part) => votingPower(part, economics)));
          const allMeet = parts.every((part) => meetsMinimumStake(part, economics));
          if (allMeet) expect(split).toBe(whole);
          else expect(split <= whole).toBe(true);
        },
      ),
    );
  });

  test("stake is free only after evidence of its last offence is accepted no more", () => {
    const times = fc.nat({ max: 2 ** 41 });
    fc.assert(
      fc.property(times, fc.nat({ max: 5_000 }), times, times, (boundary, later, wait, drift) => {
        const of = { unbondingMs: wait, maxDriftMs: drift };
        const lostPowerAt = toTimestamp(boundary + later);
        const free = unbondsAt(lostPowerAt, of);
        expect(free).toBe(lostPowerAt + wait + drift);
        // Evidence of the last epoch before the boundary is accepted longest, and not up to then.
        expect(evidenceAcceptedUntil(lostPowerAt, of)).toBe(free - 1);
        expect(evidenceAcceptedUntil(toTimestamp(boundary), of) < free).toBe(true);
      }),
    );
  });
});
