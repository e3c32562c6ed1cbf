import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Digest, sha256 } from "@aethel/models";
import { VerifierError } from "../errors.ts";
import { JUDGE_VERSION } from "../judge/limits.ts";
import {
  type WasmImports,
  type WasmInstance,
  type WasmModule,
  webAssembly,
} from "./web-assembly.ts";

/** What two validators must share before they can compare verdicts (DESIGN §4). */
export interface JudgeIdentity {
  /** Counts every change of limits, screening, encoding, difficulty or solver. */
  readonly version: number;
  /** SHA-256 of the installed solver's WebAssembly file. */
  readonly wasmHash: Digest;
}

const require = createRequire(import.meta.url);

let identity: JudgeIdentity | undefined;
let compiled: Promise<WasmModule> | undefined;

/**
 * The Judge's version and the hash of the solver that is installed here.
 *
 * @throws VerifierError `SOLVER_UNUSABLE` when the file cannot be read.
 */
export function judgeIdentity(): JudgeIdentity {
  identity ??= { version: JUDGE_VERSION, wasmHash: sha256(readBinary()) };
  return identity;
}

/** The solver's code, compiled once per process; a module may be shared with worker threads. */
export async function compileSolver(): Promise<WasmModule> {
  compiled ??= webAssembly.compile(readBinary());
  return await compiled;
}

/** The loader that Emscripten generated beside the WebAssembly file. */
export function loadEmscriptenFactory(): EmscriptenFactory {
  return require("z3-solver/build/z3-built.js");
}

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

function readBinary(): Uint8Array<ArrayBuffer> {
  try {
    // Neither copied nor kept: it is 35 MB.
    return readFileSync(require.resolve("z3-solver/build/z3-built.wasm"));
  } catch (cause) {
    throw new VerifierError(
      { code: "SOLVER_UNUSABLE", reason: "z3-built.wasm of z3-solver cannot be read" },
      { cause },
    );
  }
}
