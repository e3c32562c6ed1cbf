import { describe, expect, test } from "vitest";
import { createJudge, type JudgePayload } from "../../src/index.ts";
import { payloadOf, readCorpus, shuffled, theorem, timeless } from "./fixtures.ts";

/** Nonlinear scripts are here on purpose: their counts keep history on a plain fresh context. */
function payloads(): readonly JudgePayload[] {
  const own = [
    "examples/theorems/geometric-mean.smt2",
    "examples/theorems/sorting-network.smt2",
    "examples/theorems/doubling-floats.smt2",
    "examples/theorems/coins.smt2",
    "examples/theorems/false-midpoint.smt2",
    "examples/intents/tip.ae",
    "examples/intents/refused-steal.ae",
  ].map(payloadOf);
  const nonlinear = theorem(`(declare-const x Int)(declare-const y Int)(assert (> x 1))
    (assert (> y 1))(assert (< (* x y) (+ x y)))(check-sat)`);
  const quick = (readCorpus() ?? []).filter(
    ({ kind, milliseconds = 1e9 }) => kind === "unsat" && milliseconds < 30,
  );
  const sampled = quick.filter((_, index) => index % 3 === 0).map((row) => row.payload());
  return [...own, nonlinear, ...sampled];
}

describe("determinism (DESIGN §4)", () => {
  test("P4, B26: same judgement in any order, on one worker or two, new or used", async () => {
    const all = payloads();
    const runs: unknown[][] = [];
    for (const { workers, seed } of [
      { workers: 1, seed: 1 },
      { workers: 2, seed: 2 },
      { workers: 1, seed: 3 },
    ]) {
      await using judge = await createJudge({ workers });
      const results = Array.from({ length: all.length }, (): unknown => undefined);
      const order = shuffled([...all.keys()], seed);
      await Promise.all(
        order.map(async (index) => {
          const payload = all[index];
          if (payload !== undefined) results[index] = timeless(await judge.check(payload));
        }),
      );
      runs.push(results);
    }

    expect(runs[0]).toHaveLength(all.length);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });
});
