import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { kernelModules } from "./attacks/all-attacks.ts";
import { certificateOf, isCertified } from "./attacks/attack.ts";
import type { Claim } from "./formulas/build.ts";
import { lawfulClaim, laws, nearlyTrueClaim } from "./formulas/lawful-claim.ts";
import { pinnedClaims } from "./formulas/pinned-claims.ts";
import { allSorts, randomTerm } from "./formulas/random-term.ts";
import { refutedClaim } from "./formulas/refuted-claim.ts";
import { type Checker, loadChecker } from "./hostile/checker.ts";
import { evaluate } from "./oracle/evaluate.ts";
import { findCounterexample, refutes } from "./oracle/find-counterexample.ts";
import { createModel } from "./oracle/model.ts";
import { createRandom } from "./oracle/random.ts";
import { smtText } from "./oracle/smt-text.ts";

const SCALE = process.env["AETHEL_SLOW"] === "1" ? 50 : 1;
const hasCvc5 = spawnSync("cvc5", ["--version"]).status === 0;

let checker: Checker;
beforeAll(async () => {
  checker = await loadChecker(kernelModules);
});

/** `unsat` if the claim is true, `sat` if it is false, else whatever else cvc5 said. */
function cvc5(claim: Claim): string {
  const options = ["--tlimit=2000", "--arrays-exp"];
  const { stdout } = spawnSync("cvc5", options, { input: smtText(claim), encoding: "utf8" });
  return stdout.trim().split("\n")[0] ?? "";
}

describe("the oracle", () => {
  test("what a model refutes is refuted by it, and no law is", () => {
    for (let at = 0; at < 200; at++) {
      const { claim, model } = refutedClaim(`oracle ${at}`);
      expect(refutes(model, claim), `${at}`).toBe(true);
    }
    for (const law of laws) {
      const { claim } = lawfulClaim(`oracle ${law.name}`, 1, law);
      const effort = { seed: law.name, models: 15, changes: 10 };
      expect(findCounterexample(claim, effort), law.name).toBeUndefined();
    }
  });

  test("every pinned claim that is small is refuted by some model", () => {
    const missed = pinnedClaims.filter(
      ({ name, claim }) =>
        !/^(?:70,000|a power|a coefficient)/.test(name) &&
        findCounterexample(claim, { seed: name, models: 300, changes: 30 }) === undefined,
    );

    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  test("models differ in all that the standard leaves open", () => {
    const seeds = Array.from({ length: 60 }, (_, at) => createModel({ seed: `open ${at}` }));
    const values = (read: (model: (typeof seeds)[number]) => unknown): number =>
      new Set(seeds.map((model) => JSON.stringify(read(model), (_, one) => `${one}`))).size;

    expect(values((model) => model.byZero("divide", 0n))).toBeGreaterThan(5);
    expect(values((model) => model.byZero("modulo", 7n))).toBeGreaterThan(5);
    expect(values((model) => model.byZero("divide", 7n) === model.byZero("modulo", 7n))).toBe(2);
    expect(values((model) => model.sizes("Thing"))).toBe(3);
    expect(values((model) => model.apply("f", "integer", [3n]))).toBeGreaterThan(5);
  });
});

describe.skipIf(!hasCvc5)("the oracle beside cvc5 (skipped where it is not installed)", () => {
  test("cvc5 proves nothing that a model refutes", () => {
    let agreed = 0;
    for (let at = 0; at < 40 * SCALE; at++) {
      const { claim } = refutedClaim(`cvc5 ${at}`);
      const said = cvc5(claim);
      if (said === "sat") agreed++;

      expect(said, `${at}`).not.toBe("unsat");
    }
    expect(agreed).toBeGreaterThan(25 * SCALE);
  });

  test("cvc5 refutes no law, and finds what is nearly true as the models do", () => {
    for (let at = 0; at < 60 * SCALE; at++) {
      const { law, claim, near } = nearlyTrueClaim(`cvc5 ${at}`, at % 2);
      const found = findCounterexample(near, { seed: `${at}`, models: 30, changes: 15 });

      expect(cvc5(claim), law).not.toBe("sat");
      if (found !== undefined) expect(cvc5(near), `${law}, changed`).not.toBe("unsat");
    }
  });

  test("cvc5 refutes nothing that the kernel certifies", () => {
    let certified = 0;
    for (let at = 0; at < 120 * SCALE; at++) {
      const random = createRandom(`certified ${at}`);
      const shape = { random, depth: 2, pool: new Map(), sorts: allSorts };
      const model = createModel({ seed: `certified ${at}` });
      const formula = (): ReturnType<typeof randomTerm> => randomTerm("boolean", shape);
      const assumptions = Array.from({ length: 4 }, formula);
      const goal = Array.from({ length: 6 }, formula).find((one) => evaluate(one, model) === true);
      if (goal === undefined) continue;
      const claim = { assumptions, goal };
      const certificate = certificateOf(checker, claim);
      if (certificate === undefined || !isCertified(checker, claim, certificate)) continue;
      certified++;

      expect(cvc5(claim), `${at}`).not.toBe("sat");
    }
    expect(certified).toBeGreaterThan(10);
  });
});
