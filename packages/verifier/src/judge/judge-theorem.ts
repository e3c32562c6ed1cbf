import { toResource } from "@aethel/models/primitives";
import { readOriginals } from "../theorem/print/fresh-names.ts";
import { screenScript } from "../theorem/screen.ts";
import { checkScript } from "../z3/check-script.ts";
import type { SolverInstance } from "../z3/solver-instance.ts";
import { difficultyOf } from "./difficulty.ts";
import { spanAt } from "./place.ts";
import { rejected, type TimelessJudgement, tidy } from "./rejected.ts";

/** Judges a script that is claimed to be unsatisfiable. */
export function judgeTheorem(
  instance: SolverInstance,
  bytes: Uint8Array,
  limit: number,
): TimelessJudgement {
  const screening = screenScript(bytes);
  if (screening.type === "refused") {
    const { code, message, at } = screening.fault;
    return rejected([{ code, message, span: spanAt(bytes, at) }]);
  }
  const { script, originals, notes } = screening;
  const answer = checkScript(instance, script, limit);
  if (answer.type === "rejected") {
    const message = tidy(readOriginals(answer.message, originals));
    return rejected([{ code: "solver", message }]);
  }
  const resource = toResource(answer.spent);
  const common = {
    type: "judged",
    kind: "theorem",
    difficulty: difficultyOf({ resource, proofBytes: bytes.length }),
    resource,
    obligations: [],
    notes,
  } as const;
  if (answer.type === "unsat") return { ...common, verdict: "valid", trust: "solver" };
  if (answer.type === "unknown") {
    const reason = tidy(readOriginals(answer.reason, originals));
    return { ...common, verdict: "unknown", reason };
  }
  const values = [...answer.values].map(([name, value]) => ({
    name: readOriginals(name, originals),
    value: readOriginals(value, originals),
  }));
  const reason = "the assertions are satisfiable";
  return { ...common, verdict: "refuted", reason, counterexample: { type: "theorem", values } };
}
