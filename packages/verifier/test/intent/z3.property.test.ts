import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { confirmCounterexample } from "../../src/intent/counterexample/confirm.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { createSolverInstance, type SolverInstance } from "../../src/z3/installed/instance.ts";
import { intents, sourceOf } from "../language/arbitrary-program.ts";
import { checkObligation } from "../z3/check-obligation.ts";
import { compileAll } from "./prove.ts";
import { valuationOf, worlds } from "./random-world.ts";

/** Small: random products and quotients of unknowns are not worth waiting for. */
const limit = 20_000;

let z3: SolverInstance;
beforeAll(async () => {
  z3 = await createSolverInstance();
});

describe("Z3 and the interpreter agree on random intents", () => {
  test("each model of Z3 is confirmed by a run, and no random world refutes what Z3 proves", () => {
    const seen = { proved: 0, refuted: 0 };
    fc.assert(
      fc.property(
        intents.map(sourceOf),
        fc.array(worlds, { minLength: 30, maxLength: 30 }),
        (source, some) => {
          const [intent] = compileAll(source);
          if (intent === undefined) throw new Error("one intent went in");
          for (const one of obligationsOf(intent)) {
            const answer = checkObligation(z3, one, limit);
            if (answer.type === "sat") {
              seen.refuted++;
              expect(confirmCounterexample(intent, one, answer.values), one.label).toBeDefined();
            }
            if (answer.type !== "unsat") continue;
            seen.proved++;
            for (const world of some) {
              const shown = confirmCounterexample(intent, one, valuationOf(intent, world));
              expect(shown, one.label).toBeUndefined();
            }
          }
        },
      ),
      // Not shrunk: each attempt would ask Z3 again, for minutes in all.
      { numRuns: 70, endOnFailure: true },
    );
    expect(Math.min(seen.proved, seen.refuted)).toBeGreaterThan(100);
  });
});
