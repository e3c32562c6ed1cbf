import { describe, expect, test } from "vitest";
import { measure, searchWorst, WORLD } from "./worst-timing.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
const TRIES = isSlow ? 1_500 : 40;

/** Least share of the throughput that a crashed validator leaves. */
const FLOOR = 0.8;

describe("a faulty leader that chooses when it sends what to whom, and how it dates its blocks", () => {
  test("P41: costs no more than a deadline a turn, the worst that a search finds", () => {
    const honest = measure("honest").blocks;
    const crashed = measure("crashed").blocks;
    const { plan, outcome } = searchWorst({ seed: isSlow ? Date.now() : 7, tries: TRIES });
    const usualMs = WORLD.measuredMs / honest;
    const lostMs = (WORLD.measuredMs - outcome.blocks * usualMs) / (outcome.turns + 1);
    console.info(
      `${TRIES} plans: the worst leaves ${outcome.blocks} blocks (honest ${honest}, crashed ${crashed}), ` +
        `${Math.round(lostMs)} ms lost in each of ${outcome.turns} turns: ${JSON.stringify(plan)}`,
    );

    expect(crashed).toBeGreaterThan(0.9 * honest);
    expect(outcome.blocks).toBeGreaterThanOrEqual(FLOOR * crashed);
    // Four delays of a sixth of the interval, twice what others are late, and the change of views.
    expect(lostMs).toBeLessThan(1.25 * WORLD.intervalMs);
  }, 600_000);
});
