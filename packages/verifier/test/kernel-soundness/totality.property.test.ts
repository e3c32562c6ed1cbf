import { beforeAll, describe, expect, test } from "vitest";
import { kernelModules } from "./attacks/all-attacks.ts";
import { certificateOfPlan, claimOf, nextPlan, type Plan } from "./bounds/dear-certificate.ts";
import * as t from "./formulas/build.ts";
import { lawfulClaim, laws } from "./formulas/lawful-claim.ts";
import { refutedClaim } from "./formulas/refuted-claim.ts";
import { type Checker, loadChecker } from "./hostile/checker.ts";
import { createRandom } from "./oracle/random.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";

let checker: Checker;
beforeAll(async () => {
  checker = await loadChecker(kernelModules);
});

describe("any bytes", () => {
  test("are an answer, and certify nothing that is false", () => {
    for (let at = 0; at < (isSlow ? 500_000 : 5_000); at++) {
      const random = createRandom(`bytes ${at}`);
      const { claim } = refutedClaim(`claim of bytes ${at % 50}`);
      const small = random.percent(70);
      const bytes = Array.from({ length: random.below(60) }, () => random.below(small ? 8 : 256));

      const { type } = checker.certify(claim, Uint8Array.of(1, ...bytes));

      expect(type === "refused" || type === "exhausted", `bytes ${at}`).toBe(true);
    }
  });

  test("a certificate that ends too early or too late, or of another version, is refused", () => {
    for (const law of laws) {
      const { claim } = lawfulClaim(law.name, 0, law);
      const found = checker.findCertificate(claim, { ...SHORT });
      if (found.type === "none") continue;
      const { certificate } = found;
      const others = [
        Uint8Array.of(),
        certificate.with(0, 2),
        certificate.slice(0, -1),
        Uint8Array.of(...certificate, 0),
        Uint8Array.of(...certificate, ...certificate.slice(1, 2), 1),
      ];
      for (const bytes of others) {
        const { type } = checker.certify(claim, bytes);
        expect([law.name, bytes, type]).toEqual([law.name, bytes, "refused"]);
      }
    }
  });

  const SHORT = { stepsMax: 20_000, digitsMax: 1_024, bytesMax: 65_536, lemmasMax: 300 };
});

describe("any arguments", () => {
  const strange: readonly unknown[] = [
    undefined,
    null,
    0,
    "",
    [],
    {},
    () => 0,
    Symbol("claim"),
    1n,
  ];

  test.for(strange.map((one, at) => [at, one] as const))("%i is no claim", ([, claim]) => {
    expect(checker.certify(claim as t.Claim, Uint8Array.of(1)).type).toBe("refused");
    // The prover is never given nothing at all: for that it may throw.
    if (claim === undefined || claim === null) return;
    expect(checker.findCertificate(claim as t.Claim).type).toBe("none");
  });

  test.for(strange.map((one, at) => [at, one] as const))("%i is no certificate", ([, bytes]) => {
    const claim: t.Claim = { assumptions: [], goal: t.yes };

    expect(checker.certify(claim, bytes as Uint8Array).type).toBe("refused");
  });
});

describe("certificates that are dear", () => {
  test("end by a limit that is counted, or by a step that is refused", { timeout: 600_000 }, () => {
    const random = createRandom("dear");
    const ends = new Map<string, number>();
    for (let count = 0; count < (isSlow ? 1_000 : 25); count++) {
      const plan: Plan = nextPlan(random);
      const certificate = certificateOfPlan(checker, plan);
      const answer = checker.certify(claimOf(plan.ground), certificate);
      const end = answer.type === "exhausted" ? answer.limit : answer.type;
      ends.set(end, (ends.get(end) ?? 0) + 1);

      expect(answer.type, JSON.stringify(plan)).not.toBe("certified");
      if (end !== "work") continue;
      // Work is counted step by step: with a tenth of it, no more steps are taken.
      const limits = { ...checker.kernelLimits, work: checker.kernelLimits.work / 10 };
      const less = checker.certify(claimOf(plan.ground), certificate, limits);
      expect(less, JSON.stringify(plan)).toMatchObject({ type: "exhausted", limit: "work" });
      expect(less.type === "exhausted" && less.step).toBeLessThanOrEqual(
        (answer.type === "exhausted" && answer.step) || 0,
      );
    }
    expect(ends.get("work")).toBeGreaterThan(0);
    expect(ends.get("refused")).toBeGreaterThan(5);
  });
});
