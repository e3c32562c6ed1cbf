import { type JudgePayload, standardIntents } from "../../src/index.ts";
import { payroll } from "../intent/many-accounts.ts";
import { payloadOf, readCorpus, theorem } from "./fixtures.ts";

/**
 * Payloads of the determinism test, in a fixed order. Nonlinear scripts are among them, since their
 * counts depend on history on a plain fresh context.
 */
export function determinismPayloads(extent: "sample" | "all"): readonly JudgePayload[] {
  const examples = [
    "examples/theorems/geometric-mean.smt2",
    "examples/theorems/sorting-network.smt2",
    "examples/theorems/doubling-floats.smt2",
    "examples/theorems/coins.smt2",
    "examples/theorems/false-midpoint.smt2",
    "examples/intents/tip.ae",
    "examples/intents/refused-steal.ae",
    "examples/intents/refused-vacuous.ae",
  ].map(payloadOf);
  const nonlinear = theorem(`(declare-const x Int)(declare-const y Int)(assert (> x 1))
    (assert (> y 1))(assert (< (* x y) (+ x y)))(check-sat)`);
  const library = standardIntents().map(({ source, privileged }): JudgePayload => {
    return { type: "publish", source: new TextEncoder().encode(source), privileged };
  });
  // Of many accounts, so that it is cut and its certificate holds lemmas.
  const many = payroll({ receivers: 8, mayPayItself: true });
  const cut: JudgePayload = { type: "publish", source: new TextEncoder().encode(many) };
  const corpus = (readCorpus() ?? []).filter(
    (row) => extent === "all" || (row.kind === "unsat" && (row.milliseconds ?? 1e9) < 30),
  );
  const chosen = corpus.filter((_, index) => extent === "all" || index % 4 === 0);
  return [...examples, nonlinear, ...library, cut, ...chosen.map((row) => row.payload())];
}
