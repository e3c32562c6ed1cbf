import type { WasmImports, WasmInstance, WasmModule } from "../wasm/web-assembly.ts";

/** Starts one instance of the solver and hands it the options. */
export type EmscriptenFactory = (options: EmscriptenOptions) => Promise<unknown>;

/** The hooks of Emscripten's generated loader that are used here. */
export interface EmscriptenOptions {
  readonly thisProgram: string;
  readonly print: (line: string) => void;
  readonly printErr: (line: string) => void;
  readonly instantiateWasm: (
    imports: WasmImports,
    done: (instance: WasmInstance, module: WasmModule) => void,
  ) => object;
}
