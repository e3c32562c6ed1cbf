import { beforeAll, describe, expect, test } from "vitest";
import { type AttackName, attacks, fallOf, kernelModules, seedsOf } from "./attacks/all-attacks.ts";
import { certificateOf, isCertified } from "./attacks/attack.ts";
import { lawfulClaim, laws } from "./formulas/lawful-claim.ts";
import { type Checker, loadChecker } from "./hostile/checker.ts";

const isSlow = process.env["AETHEL_SLOW"] === "1";

/** Seeds of each attack: some seconds here, hours of them by `AETHEL_SLOW=1`. */
const counts: Readonly<Record<AttackName, number>> = {
  formulas: isSlow ? 30_000 : 400,
  laws: isSlow ? 40_000 : 500,
  lemmas: isSlow ? 200_000 : 2_000,
  certificates: isSlow ? 200_000 : 2_000,
  terms: isSlow ? 100_000 : 2_000,
  pinned: 0,
};

let checker: Checker;
beforeAll(async () => {
  checker = await loadChecker(kernelModules);
});

describe("the kernel under attack", () => {
  const titles: Readonly<Record<AttackName, string>> = {
    formulas: "formulas that a model refutes are not certified, and all clauses hold in the model",
    laws: "what is one change away from a law is not certified where a model refutes it",
    lemmas: "a lemma whose hypotheses all hold in a model is not taken",
    certificates: "steps that fit together by chance add nothing that is false in a model",
    terms: "what is no term, or of no sort, is refused and throws nothing",
    pinned: "no false claim at the edge of a rule is certified",
  };
  test.for(Object.keys(attacks) as AttackName[])("%s", { timeout: 7_200_000 }, (name) => {
    // The slow run has seeds of its own: it does not only do the same again.
    const seeds = seedsOf(name, counts[name], isSlow ? "slow." : "");

    const fall = fallOf(checker, name, seeds);

    expect(fall, `${titles[name]}: ${JSON.stringify(fall)}`).toBeUndefined();
  });
});

describe("what the attacks are worth", () => {
  test("most laws about symbols are certified, so that what is refused is refused for cause", () => {
    const certified = laws.filter((law) => {
      const { claim } = lawfulClaim(law.name, 0, law);
      const certificate = certificateOf(checker, claim);
      return certificate !== undefined && isCertified(checker, claim, certificate);
    });

    expect(certified.length / laws.length).toBeGreaterThan(0.75);
  });
});
