import type { WasmImports, WasmInstance, WasmModule } from "../wasm/web-assembly.ts";

/** Function that starts an instance of the solver, and returns its memory. */
export type EmscriptenFactory = (
  options: EmscriptenOptions,
) => Promise<{ readonly HEAPU8: Uint8Array }>;

/** Options of Emscripten's loader that are used. */
export interface EmscriptenOptions {
  readonly thisProgram: string;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (
    imports: WasmImports,
    done: (instance: WasmInstance, module: WasmModule) => void,
  ) => object;
}
