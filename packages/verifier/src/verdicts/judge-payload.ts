import { assertNever } from "@aethel/models/primitives";
import type { JudgePayload } from "../judgement.ts";
import { allowanceOf } from "../z3/fuel/gauge.ts";
import type { Purpose, SolverInstance } from "../z3/instance/solver-instance.ts";
import { type Certifier, certifier } from "./certifier.ts";
import { judgePublish } from "./judge-publish.ts";
import { judgeTheorem } from "./judge-theorem.ts";
import type { TimelessJudgement } from "./rejected.ts";

/**
 * Judges one payload in this thread. The result depends only on the Judge's version, the payload
 * and the limit, because each session of the solver begins with its memory restored to an image.
 */
export function judgePayload(
  instance: SolverInstance,
  payload: JudgePayload,
  limit: number,
  using: Certifier = certifier,
): TimelessJudgement {
  instance.gauge.fill(allowanceOf(limit));
  switch (payload.type) {
    case "theorem":
      return judgeTheorem(instance, payload.script, limit, using);
    case "publish":
      return judgePublish(instance, payload, { limit, certifier: using });
    default:
      return assertNever(payload);
  }
}

/** Returns the purpose (and so the memory image) of the solver for a payload. */
export function purposeOf(payload: JudgePayload): Purpose {
  return payload.type === "theorem" ? "script" : "formula";
}
