import { toResource } from "@aethel/models/primitives";
import { readOwned } from "../theorem/canonical-text.ts";
import { probeScript, screenScript } from "../theorem/screen.ts";
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
  const probe = (): string => {
    const again = probeScript(bytes);
    return again.type === "accepted" ? again.script : "";
  };
  const answer = checkScript(instance, screening.script, { limit, probe });
  if (answer.type === "rejected") {
    return rejected([{ code: answer.code, message: tidy(answer.message) }]);
  }
  const resource = toResource(answer.spent);
  const common = {
    type: "judged",
    kind: "theorem",
    difficulty: difficultyOf({ resource, proofBytes: bytes.length }),
    resource,
    obligations: [],
    notes: screening.notes,
  } as const;
  if (answer.type === "unsat") return { ...common, verdict: "valid", trust: "solver" };
  if (answer.type === "unknown") {
    return { ...common, verdict: "unknown", reason: tidy(answer.reason) };
  }
  const values = [...answer.values].map(([name, value]) => ({
    name: readOwned(`|${name}|`),
    value: readOwned(value),
  }));
  const reason = "the assertions are satisfiable";
  return { ...common, verdict: "refuted", reason, counterexample: { type: "theorem", values } };
}
