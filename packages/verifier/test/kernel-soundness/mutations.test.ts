import { beforeAll, describe, expect, test } from "vitest";
import { kernelModules } from "./attacks/all-attacks.ts";
import { certificateOf } from "./attacks/attack.ts";
import type { Claim } from "./formulas/build.ts";
import type { Law } from "./formulas/law.ts";
import { lawfulClaim, laws } from "./formulas/lawful-claim.ts";
import { mutateClaim } from "./formulas/mutate-claim.ts";
import { refutedClaim } from "./formulas/refuted-claim.ts";
import { decodeCertificate, encodeCertificate } from "./hostile/certificate.ts";
import { type Checker, loadChecker } from "./hostile/checker.ts";
import { mutateBytes } from "./hostile/mutate-bytes.ts";
import { findCounterexample } from "./oracle/find-counterexample.ts";
import { createRandom } from "./oracle/random.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";
const MUTATIONS = isSlow ? 2_000_000 : 100_000;

/** A certificate of a true claim, and false claims that are near to it. */
interface Target {
  readonly certificate: Uint8Array;
  readonly near: readonly Claim[];
}

let checker: Checker;
let targets: readonly Target[];
beforeAll(async () => {
  checker = await loadChecker(kernelModules);
  targets = laws.flatMap((law) => [0, 1, 1].flatMap((depth, at) => targetsOf(law, depth, at)));
});

/** Certificate of a law about terms of a depth, with at least one step. */
function targetsOf(law: Law, depth: number, variant: number): readonly Target[] {
  const seed = `${law.name}/${variant}`;
  const { claim } = lawfulClaim(seed, depth, law);
  const certificate = certificateOf(checker, claim);
  if (certificate === undefined || certificate.length < 2) return [];
  const near = Array.from({ length: 4 }, (_, at) =>
    mutateClaim(claim, createRandom(`${seed}/near ${at}`)),
  ).filter((one, at) => {
    const effort = { seed: `${seed}/${at}`, models: 20, changes: 10 };
    return findCounterexample(one, effort) !== undefined;
  });
  return near.length === 0 ? [] : [{ certificate, near }];
}

describe("mutated certificates", () => {
  test(`of ${MUTATIONS} none certifies a claim that a model refutes`, {
    timeout: 7_200_000,
  }, () => {
    const random = createRandom(isSlow ? "slow mutations" : "mutations");
    const pool = targets.map(({ certificate }) => certificate);
    const others = Array.from({ length: 20 }, (_, at) => refutedClaim(`other ${at}`).claim);
    let read = 0;
    for (let count = 0; count < MUTATIONS; count++) {
      const { certificate, near } = random.pick(targets);
      const mutated = mutateBytes(certificate, pool, random);
      const claim = random.percent(90) ? random.pick(near) : random.pick(others);

      const answer = checker.certify(claim, mutated);

      if (answer.type === "certified") expect([count, claim, mutated]).toBe("refused");
      if (answer.type === "refused" && (answer.step ?? 0) > 0) read++;
    }
    // Else nearly all would end at their first byte, and nothing would have been tried.
    expect(read).toBeGreaterThan(MUTATIONS / 8);
    expect(targets.length).toBeGreaterThan(100);
  });
});

describe("the codec of hostile certificates", () => {
  test("what the prover writes is what its steps are written as here", () => {
    for (const { certificate } of targets) {
      const steps = decodeCertificate(certificate);

      expect(steps && encodeCertificate(steps)).toEqual(certificate);
    }
  });
});
