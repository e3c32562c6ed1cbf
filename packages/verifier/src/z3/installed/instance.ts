import { type SolverInstance, startSolver, warmImages } from "../instance/solver-instance.ts";
import type { StoredImages } from "../memory/stored-images.ts";
import type { WasmModule } from "../wasm/web-assembly.ts";
import { compileSolver, loadEmscriptenFactory } from "./binary.ts";

export type { Purpose, SolverInstance } from "../instance/solver-instance.ts";

/** Starts the solver that is installed here, in this thread of Node. */
export async function createSolverInstance(
  module: WasmModule | Promise<WasmModule> = compileSolver(),
  images?: StoredImages | Promise<StoredImages | undefined>,
): Promise<SolverInstance> {
  return await startSolver({ module, images, factory: loadEmscriptenFactory() });
}

/** The images of a new solver, to be stored: made by a warm-up, whatever is stored already. */
export async function makeImages(): Promise<StoredImages> {
  return await warmImages({ module: compileSolver(), factory: loadEmscriptenFactory() });
}
