import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createJudge, type Judge, type Judgement } from "../../src/index.ts";
import { type CorpusFile, outcome, readCorpus } from "./fixtures.ts";

const corpus = readCorpus();
const slow = process.env["AETHEL_SLOW"] === "1";

let judge: Judge;
beforeAll(async () => {
  judge = await createJudge({ workers: 2, limits: { watchdogMilliseconds: 60_000 } });
});
afterAll(async () => await judge.close());

/** Hostile scripts that keep Z3 busy until the watchdog: the slow run only. */
const endlessFiles = new Set([
  "hostile/h_matching_loop.smt2",
  "hostile/h_pigeon_11.smt2",
  "hostile/h_cubes.smt2",
]);

function pick(kinds: readonly string[]): readonly CorpusFile[] {
  return (corpus ?? []).filter((row) => {
    if (!kinds.includes(row.kind)) return false;
    if (slow || row.kind === "hostile") return slow || !endlessFiles.has(row.file);
    // Z3's own time, and of the sat ones only what is decided at all.
    return (row.milliseconds ?? 1e9) < 60;
  });
}

async function judgeAll(
  rows: readonly CorpusFile[],
): Promise<readonly { readonly row: CorpusFile; readonly judgement: Judgement }[]> {
  return await Promise.all(
    rows.map(async (row) => {
      const judgement = await judge.check(row.payload());
      return { row, judgement };
    }),
  );
}

describe.skipIf(corpus === undefined)("scripts of known status (AETHEL_CORPUS)", () => {
  test("what is satisfiable is never valid", async () => {
    const results = await judgeAll(
      pick(["sat", "foreign", "vc"]).filter((row) => row.expected === "sat"),
    );

    expect(results.length).toBeGreaterThan(45);
    expect(results.filter(({ judgement }) => outcome(judgement) === "valid")).toEqual([]);
  });

  test("of what is unsatisfiable, at least the measured part is valid and nothing refuted", async () => {
    const results = await judgeAll(pick(["unsat"]));
    const count = (verdict: string): number =>
      results.filter(({ judgement }) => outcome(judgement) === verdict).length;

    expect(count("refuted")).toBe(0);
    // Measured: all but one that does not state one claim (two check-sats), and one that needs more.
    expect(results.length - count("valid")).toBeLessThanOrEqual(slow ? 2 : 1);
    expect(results.length).toBeGreaterThan(85);
  });

  test("what is hostile and must be refused is never valid", async () => {
    const results = await judgeAll(pick(["hostile"]));
    const accepted = results.filter(
      ({ row, judgement }) => row.expected === "reject" && judgement.type !== "rejected",
    );

    expect(results.length).toBeGreaterThan(75);
    expect(accepted.map(({ row }) => row.file)).toEqual([]);
    for (const { row, judgement } of results) {
      if (row.expected === "sat") expect(outcome(judgement), row.file).not.toBe("valid");
    }
  });

  test("scripts with several checks are not one claim, and refused", async () => {
    const results = await judgeAll(pick(["multi"]));

    expect(results.filter(({ judgement }) => judgement.type !== "rejected")).toEqual([]);
  });
});
