import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { corpusSeeds } from "./corpus-seeds.ts";
import { findSecondSolver } from "./cvc5.ts";
import { type CaseReport, runCase, runSeed } from "./metamorphic.ts";
import { createRandom } from "./random-source.ts";
import { equivalences } from "./rewrite-scripts.ts";
import { parseScript, printScript } from "./script.ts";
import { createSolverClient, type SolverClient } from "./solver-client.ts";

let client: SolverClient;
beforeAll(() => {
  client = createSolverClient({ patienceMilliseconds: 10_000, limit: 200_000 });
});
afterAll(async () => await client[Symbol.asyncDispose]());

const seed = 20_261_129;
const cases = process.env["AETHEL_SLOW"] === "1" ? 1_000 : 45;

function tally(reports: readonly CaseReport[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { answer } of reports.flatMap(({ judged }) => judged)) {
    counts.set(answer.verdict, (counts.get(answer.verdict) ?? 0) + 1);
  }
  return counts;
}

describe("scripts that say the same, less or more", () => {
  const reports: CaseReport[] = [];
  beforeAll(async () => {
    for (let index = 0; index < cases; index++)
      reports.push(await runCase(client, { seed, index }));
  }, 300_000);

  test("the Judge never contradicts itself", () => {
    expect(reports.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  });

  test("it settles at least 95 % of them, and rejects none", () => {
    const counts = tally(reports);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);

    expect(total).toBeGreaterThan(cases * 6);
    expect((counts.get("unknown") ?? 0) / total).toBeLessThan(0.05);
    expect(counts.get("crashed") ?? 0).toBe(0);
    expect(rejections(reports)).toEqual([]);
    // Both answers are met, and often.
    expect((counts.get("valid") ?? 0) / total).toBeGreaterThan(0.1);
    expect((counts.get("refuted") ?? 0) / total).toBeGreaterThan(0.3);
  });

  const second = findSecondSolver(500);
  test.skipIf(second === undefined)(
    "cvc5, where it is installed, finds no model of what is valid",
    () => {
      const proved = reports.flatMap(({ judged }) =>
        judged.filter(({ answer }) => answer.verdict === "valid"),
      );
      for (const { script } of proved.slice(0, 60)) {
        expect(second?.decide(script), script).not.toBe("sat");
      }
    },
  );
});

function rejections(reports: readonly CaseReport[]): readonly string[] {
  return reports
    .flatMap(({ judged }) => judged)
    .filter(({ answer }) => answer.verdict === "rejected")
    .map(({ script, answer }) => `${answer.detail}\n${script}`);
}

describe("a fault is seen", () => {
  test("a solver that says valid of every script with an `ite` is contradicted", async () => {
    const liar = {
      ask: async (script: string) => {
        const answer = await client.ask(script);
        return script.includes("(ite ") ? { ...answer, verdict: "valid" as const } : answer;
      },
    };
    const found: string[] = [];
    for (let index = 0; index < 30 && found.length === 0; index++) {
      const { contradictions } = await runCase(liar, { seed: 3, index });
      found.push(...contradictions.map(({ relation }) => relation));
    }

    expect(found.length).toBeGreaterThan(0);
  });

  test("every rewrite applies to something, and leaves a script that is read", () => {
    const script = parseScript(`(declare-const x Int)(declare-const y Int)
      (assert (let ((z (+ x y))) (and (< z (+ y x)) (forall ((k Int)) (> (* k k) z)))))
      (assert (or (= x y) (distinct x (- y))))`);
    if (script === undefined) throw new Error("the script is not read");
    for (const { name, apply } of equivalences) {
      const results = Array.from({ length: 20 }, (_, index) =>
        apply(script, createRandom(1, index)),
      );
      const changed = results.find((result) => result !== undefined);
      if (changed === undefined && name !== "split conjunctions") throw new Error(name);
      for (const result of results) {
        if (result !== undefined) expect(parseScript(printScript(result)), name).toEqual(result);
      }
    }
  });
});

const corpus = corpusSeeds({ bytes: 6_000, milliseconds: 30 });

describe.skipIf(corpus === undefined)("scripts of others, read where they lie", () => {
  test("the Judge does not contradict itself on what says the same", async () => {
    const chosen = createRandom(seed).shuffled(corpus ?? []);
    const count = process.env["AETHEL_SLOW"] === "1" ? chosen.length : 12;
    const reports: CaseReport[] = [];
    for (const [index, script] of chosen.slice(0, count).entries()) {
      reports.push(await runSeed(client, script, createRandom(seed, index)));
    }

    expect(reports.length).toBeGreaterThan(5);
    expect(reports.flatMap(({ contradictions }) => contradictions)).toEqual([]);
  }, 300_000);
});
