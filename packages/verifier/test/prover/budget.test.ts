import { describe, expect, test } from "vitest";
import { defaultLimits, findCertificate } from "../../src/prover/index.ts";
import { deepClaims } from "../kernel-soundness/child/deep-claims.ts";
import { largeClaims } from "./large-claims.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
/** Greatest excess over the limit by one portion of work. */
const beyond = (limit: number): number => limit + limit / 10;
const sizes = isSlow ? [40, 1_000, 30_000] : [40, 400];
const limits = isSlow ? [100_000, 3_000_000] : [10_000, 100_000];

describe.each(Object.entries(largeClaims))("%s", (_, make) => {
  test.each(limits)("with %i steps, no more than a tenth is counted beyond", (stepsMax) => {
    for (const size of sizes) {
      const { steps } = findCertificate(make(size), { ...defaultLimits, stepsMax });

      expect(steps).toBeLessThanOrEqual(beyond(stepsMax));
    }
  });
});

describe("claims of terms 30,000 deep or wide", () => {
  test.each(deepClaims(30_000))("$name, the limit of steps holds", ({ claim }) => {
    const { steps } = findCertificate(claim, { ...defaultLimits, stepsMax: 20_000 });

    expect(steps).toBeLessThanOrEqual(beyond(20_000));
  });

  test("the reason of one that is not read to its end is its steps", () => {
    const claim = deepClaims(30_000).find(({ name }) => name.startsWith("integer if"))?.claim;

    expect(claim && findCertificate(claim, { ...defaultLimits, stepsMax: 20_000 })).toMatchObject({
      type: "none",
      reason: "steps",
    });
  });
});

describe("what is no claim", () => {
  test.each([
    undefined,
    null,
    7,
    "claim",
    {},
    { assumptions: 3, goal: 3 },
    { assumptions: [undefined], goal: null },
  ])("%j has no certificate, and the reason says why", (claim) => {
    // @ts-expect-error -- A caller without types may pass anything.
    const found = findCertificate(claim);

    expect(found).toMatchObject({ type: "none", reason: expect.stringMatching(/\w/) });
  });
});
