import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { judgeTheorem } from "../../src/judge/judge-theorem.ts";
import { compileSolver, loadEmscriptenFactory } from "../../src/z3/binary.ts";
import { type SolverInstance, startSolver } from "../../src/z3/solver-instance.ts";
import { webAssembly } from "../../src/z3/web-assembly.ts";
import type { SolverAnswer, SolverRequest } from "./solver-client.ts";

/**
 * Thread that judges scripts one by one: by the Judge (screen, Z3, certificates), or by plain Z3
 * at default options. `folder` holds another Z3: `z3-built.js` and `z3-built.wasm`.
 */
const port = parentPort;
if (port === null) throw new Error("solver-thread.ts runs in a worker thread only");
const { folder } = workerData as { readonly folder: string | undefined };
const instance = await (folder === undefined
  ? startSolver({ module: compileSolver(), factory: loadEmscriptenFactory() })
  : startSolver({
      module: webAssembly.compile(readFileSync(path.join(folder, "z3-built.wasm"))),
      factory: createRequire(import.meta.url)(path.resolve(folder, "z3-built.js")),
    }));
instance.image("script");

port.on("message", (request: SolverRequest) => {
  port.postMessage({ id: request.id, answer: answerOf(instance, request) });
});
port.postMessage("ready");

function answerOf(solver: SolverInstance, request: SolverRequest): SolverAnswer {
  try {
    return request.by === "judge" ? judge(solver, request) : plain(solver, request);
  } catch (error) {
    return { verdict: "crashed", detail: String(error), spent: 0, values: [] };
  }
}

function judge(solver: SolverInstance, { script, limit }: SolverRequest): SolverAnswer {
  const judgement = judgeTheorem(solver, new TextEncoder().encode(script), limit);
  if (judgement.type === "rejected") {
    const detail = judgement.diagnostics.map(({ code, message }) => `${code}: ${message}`).join();
    return { verdict: "rejected", detail, spent: 0, values: [] };
  }
  if (judgement.type === "abstained") {
    return { verdict: "crashed", detail: judgement.reason, spent: 0, values: [] };
  }
  const { verdict, reason = "", resource, counterexample } = judgement;
  const values = counterexample?.type === "theorem" ? counterexample.values : [];
  return { verdict, detail: reason, spent: resource, values };
}

/** `sat` needs a model that Z3's evaluator confirms, as the Judge does. */
function plain(solver: SolverInstance, { script, limit }: SolverRequest): SolverAnswer {
  const session = solver.begin("script");
  const text = script.replaceAll(/\((?:check-sat|set-(?:logic|info|option)[^()]*)\)/g, "");
  const formulas = session.tryParse(text);
  if ("type" in formulas) {
    return { verdict: "rejected", detail: formulas.message, spent: 0, values: [] };
  }
  const z3 = session.solver("full");
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
