import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { addFuel } from "../../src/z3/fuel/instrument.ts";
import { findSites } from "../../src/z3/fuel/sites.ts";
import { compileSolver, loadEmscriptenFactory } from "../../src/z3/installed/binary.ts";
import { type SolverInstance, startSolver } from "../../src/z3/instance/solver-instance.ts";
import { webAssembly } from "../../src/z3/wasm/web-assembly.ts";

/** A solver from a folder with `z3-built.js` and `z3-built.wasm`, or the installed one. */
export async function startCandidate(folder: string | undefined): Promise<SolverInstance> {
  if (folder === undefined) {
    return await startSolver({ module: compileSolver(), factory: loadEmscriptenFactory() });
  }
  const binary = readFileSync(path.join(folder, "z3-built.wasm"));
  return await startSolver({
    module: webAssembly.compile(addFuel(binary, findSites(binary))),
    factory: createRequire(import.meta.url)(path.resolve(folder, "z3-built.js")),
  });
}
