import { toResource } from "@aethel/models/primitives";
import type { Judged } from "../judgement.ts";
import type { TypedScript } from "../theorem/commands/commands.ts";
import { THEOREM_STEPS } from "../theorem/limits.ts";
import { readOriginals } from "../theorem/print/fresh-names.ts";
import { screenScript } from "../theorem/screen.ts";
import { toObligation } from "../theorem/translation/to-obligation.ts";
import type { SolverInstance } from "../z3/instance/solver-instance.ts";
import { checkScript } from "../z3/questions/check-script.ts";
import { type Certifier, certifier } from "./certifier.ts";
import { difficultyOf } from "./difficulty.ts";
import { spanAt } from "./place.ts";
import { produceCertificate } from "./produce.ts";
import { rejected, type TimelessJudgement, tidy } from "./rejected.ts";

/**
 * Judges a script that is claimed to be unsatisfiable. The script goes through the screen, then Z3,
 * and then the prover and the kernel if their fragment includes it. If Z3 proves it and no
 * certificate is found, the verdict is `valid` with trust `solver`.
 */
export function judgeTheorem(
  instance: SolverInstance,
  bytes: Uint8Array,
  limit: number,
  using: Certifier = certifier,
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
  if (answer.type === "unsat")
    return { ...common, verdict: "valid", ...trustIn(screening.typed, using, answer.spent) };
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

/**
 * Returns the basis on which a proved theorem is valid: a certificate if the prover finds one,
 * otherwise Z3 alone.
 */
function trustIn(
  typed: TypedScript,
  using: Certifier,
  spent: number,
): Pick<Judged, "trust" | "certificate"> {
  const claim = toObligation(typed);
  if (claim === undefined) return { trust: "solver" };
  const { free, perUnit, max } = THEOREM_STEPS;
  const steps = Math.min(max, free + perUnit * spent);
  const made = produceCertificate(using, [[{ type: "proof", claim }]], steps);
  if (made.type === "uncertified") return { trust: "solver" };
  return { trust: "certified", certificate: made.certificate };
}
