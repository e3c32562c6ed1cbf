import { VerifierError } from "../../errors.ts";
import {
  type WasmGlobal,
  type WasmImports,
  type WasmInstance,
  type WasmModule,
  type WasmTable,
  webAssembly,
} from "../wasm/web-assembly.ts";
import {
  copyModule,
  SET_THREW,
  STACK_RESTORE,
  STACK_SAVE,
  trampolineModule,
} from "./trampoline-code.ts";

/**
 * Functions through which the solver calls C++ that may throw, in WebAssembly instead of
 * JavaScript.
 *
 * Emscripten compiles each C++ call inside a `try` to a call of `invoke_xyz` in JavaScript, which
 * looks the function up in a table and calls back into WebAssembly. Measured on obligations of
 * intents, these calls take a third to a half of all time. Here these functions are WebAssembly
 * themselves (`try`/`catch_all` around an indirect call). They change nothing of what Z3 computes
 * or counts.
 */
export interface Trampolines {
  /** Imports in which every `invoke_xyz`, the functions that throw, and the clock are replaced. */
  readonly imports: WasmImports;
  /**
   * Connects the instance that got the imports. MUST be called before any of its functions runs.
   */
  readonly connect: (instance: WasmInstance) => void;
}

/** Creates the trampolines for all signatures that `module` imports. */
export function createTrampolines(module: WasmModule, imports: WasmImports): Trampolines {
  const names = webAssembly.Module.imports(module)
    .filter((one) => one.kind === "function" && /^invoke_[vijfd][ijfd]*$/.test(one.name))
    .map((one) => one.name);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exports of a module built here
  const exports = instantiate(trampolineModule(names), {}) as TrampolineExports &
    Record<string, unknown>;
  const env = imports["env"] ?? {};
  const replaced: Record<string, unknown> = { ...env, emscripten_get_now: exports.stopped };
  for (const name of names) replaced[name] = exports[name];
  for (const name of throwing) {
    const original = env[name];
    if (typeof original !== "function") {
      throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: `it does not import ${name}` });
    }
    replaced[name] = (...facts: readonly number[]): unknown => {
      try {
        return Reflect.apply(original, undefined, facts);
      } catch (error) {
        // Emscripten first asks the solver for a message, and fuel or stack may run out there.
        if (isFromSolver(error)) exports.thrown.value = 1;
        throw error;
      }
    };
  }

  function connect(instance: WasmInstance): void {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exports of the solver, whose hash is checked
    const source = instance.exports as unknown as SolverTable;
    const from = source.__indirect_function_table;
    exports.functions.grow(from.length - exports.functions.length);
    instantiate(copyModule(from.length), { tables: { from, to: exports.functions } });
    exports.runtime.set(STACK_SAVE, source.emscripten_stack_get_current);
    exports.runtime.set(STACK_RESTORE, source._emscripten_stack_restore);
    exports.runtime.set(SET_THREW, source.setThrew);
  }

  return { imports: { ...imports, env: replaced }, connect };
}

/**
 * Tells whether an error is a C++ exception. Only Emscripten's class for these, which it does not
 * export, has the field `excPtr`.
 */
function isFromSolver(error: unknown): boolean {
  return error instanceof Error && "excPtr" in error;
}

/** Imports that raise a C++ exception. The trampolines do not catch any other exception. */
const throwing = ["__cxa_throw", "__cxa_rethrow", "__resumeException"];

interface TrampolineExports {
  /** Copy of the solver's function table. */
  readonly functions: WasmTable;
  readonly runtime: WasmTable;
  /** Flag that is 1 from the raising of a C++ exception until a trampoline has caught it. */
  readonly thrown: WasmGlobal;
  /** Clock that always returns the same time. */
  readonly stopped: () => number;
}

interface SolverTable {
  readonly __indirect_function_table: WasmTable;
  readonly emscripten_stack_get_current: unknown;
  readonly _emscripten_stack_restore: unknown;
  readonly setThrew: unknown;
}

function instantiate(bytes: Uint8Array<ArrayBuffer>, imports: WasmImports): object {
  return new webAssembly.Instance(new webAssembly.Module(bytes), imports).exports;
}
