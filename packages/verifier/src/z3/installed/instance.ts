import { type SolverInstance, startSolver, warmImages } from "../instance/solver-instance.ts";
import type { StoredImages } from "../memory/stored-images.ts";
import type { WasmModule } from "../wasm/web-assembly.ts";
import { compileSolver, loadEmscriptenFactory } from "./binary.ts";

export type { Purpose, SolverInstance } from "../instance/solver-instance.ts";

/** Starts the installed solver in this thread of Node. */
export async function createSolverInstance(
  module: WasmModule | Promise<WasmModule> = compileSolver(),
  images?: StoredImages | Promise<StoredImages | undefined>,
): Promise<SolverInstance> {
  return await startSolver({ module, images, factory: loadEmscriptenFactory() });
}

/** Makes the memory images of a new solver by a warm-up, without using stored images. */
export async function makeImages(): Promise<StoredImages> {
  return await warmImages({ module: compileSolver(), factory: loadEmscriptenFactory() });
}
