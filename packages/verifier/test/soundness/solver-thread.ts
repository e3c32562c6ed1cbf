import { parentPort, workerData } from "node:worker_threads";
import { judgePayload } from "../../src/verdicts/judge-payload.ts";
import { FuelExhausted } from "../../src/z3/fuel/gauge.ts";
import type { SolverInstance } from "../../src/z3/instance/solver-instance.ts";
import type { SolverKind } from "../../src/z3/session/solver.ts";
import type { SolverAnswer, SolverRequest } from "./solver-client.ts";
import { startCandidate } from "./start-candidate.ts";

/**
 * Thread that judges scripts one by one: by the Judge (screen, Z3, certificates), or by plain Z3
 * at default options. `folder` holds another Z3: `z3-built.js` and `z3-built.wasm`.
 */
const port = parentPort;
if (port === null) throw new Error("solver-thread.ts runs in a worker thread only");
const { folder } = workerData as { readonly folder: string | undefined };
const instance = await startCandidate(folder);
instance.image("script");

port.on("message", (request: SolverRequest) => {
  port.postMessage({ id: request.id, answer: answerOf(instance, request) });
});
port.postMessage("ready");

function answerOf(solver: SolverInstance, request: SolverRequest): SolverAnswer {
  try {
    return request.by === "judge" ? judge(solver, request) : plain(solver, request);
  } catch (error) {
    if (error instanceof FuelExhausted) {
      return { verdict: "unknown", detail: "fuel", spent: request.limit, values: [] };
    }
    return { verdict: "crashed", detail: String(error), spent: 0, values: [] };
  }
}

function judge(solver: SolverInstance, { script, limit }: SolverRequest): SolverAnswer {
  const payload = { type: "theorem", script: new TextEncoder().encode(script) } as const;
  const judgement = judgePayload(solver, payload, limit);
  if (judgement.type === "rejected") {
    const detail = judgement.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
    return { verdict: "rejected", detail, spent: 0, values: [] };
  }
  const { verdict, reason = "", resource, counterexample } = judgement;
  const ofTheorem = counterexample !== undefined && "type" in counterexample;
  const values = ofTheorem ? counterexample.values : [];
  return { verdict, detail: reason, spent: resource, values };
}

/** `sat` needs a model that Z3's evaluator confirms, as the Judge does. */
function plain(solver: SolverInstance, { script, limit }: SolverRequest): SolverAnswer {
  solver.gauge.fill();
  const answer = attempt(solver, { script, limit, kind: "full" });
  // The portfolio wants a clock for some nonlinear engines, which the sealed solver has not.
  const clock = answer.verdict === "unknown" && /thread constructor/.test(answer.detail);
  return clock ? attempt(solver, { script, limit, kind: "simple" }) : answer;
}

function attempt(
  solver: SolverInstance,
  { script, limit, kind }: Pick<SolverRequest, "script" | "limit"> & { readonly kind: SolverKind },
): SolverAnswer {
  const session = solver.begin("script");
  const text = script.replaceAll(/\((?:check-sat|set-(?:logic|info|option)[^()]*)\)/g, "");
  const formulas = session.tryParse(text);
  if ("type" in formulas) {
    return { verdict: "rejected", detail: formulas.message, spent: 0, values: [] };
  }
  const z3 = session.solver(kind);
  z3.assert(formulas);
  const answer = z3.check(limit);
  const common = { detail: "", spent: answer.spent, values: [] };
  if (answer.type === "unsat") return { ...common, verdict: "valid" };
  if (answer.type === "unknown") return { ...common, verdict: "unknown", detail: answer.reason };
  const confirmed = formulas.every((formula) => {
    const value = session.evaluate(answer.model, formula);
    return value !== undefined && session.exports.Z3_get_bool_value(session.context, value) === 1;
  });
  return { ...common, verdict: confirmed ? "refuted" : "unknown" };
}
