import { toHex } from "@aethel/models/primitives";
import createSolver from "z3-solver/build/z3-built.js";
import { fetchSolver, SOLVER_URL } from "../../src/browser/fetch-solver.ts";
import { startSolver } from "../../src/z3/instance/solver-instance.ts";

/** Tells the digests of the memory that a solver starts from in this browser. */
declare const self: { postMessage(message: readonly string[]): void };

const module = await fetchSolver(String(SOLVER_URL));
const instance = await startSolver({ module, factory: createSolver });
self.postMessage([
  toHex(instance.image("formula").digest()),
  toHex(instance.image("script").digest()),
]);
