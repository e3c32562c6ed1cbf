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
 * Replaces the JavaScript functions through which the solver calls whatever may throw.
 *
 * Emscripten compiles each C++ call inside a `try` to a call of `invoke_xyz` in JavaScript, which
 * looks the function up in a table and calls back into WebAssembly. Measured on obligations of
 * intents: a third to a half of all time. Here the same functions are WebAssembly themselves
 * (`try`/`catch_all` around an indirect call), so the solver never leaves WebAssembly on the way.
 * Nothing that Z3 computes or counts depends on it.
 */
export interface Trampolines {
  /** The imports with every `invoke_xyz`, and what throws, replaced. */
  readonly imports: WasmImports;
  /** MUST be called with the instance that got the imports, before any of its functions runs. */
  readonly connect: (instance: WasmInstance) => void;
}

/** Builds trampolines for the signatures that `module` imports. */
export function createTrampolines(module: WasmModule, imports: WasmImports): Trampolines {
  const names = webAssembly.Module.imports(module)
    .filter((one) => one.kind === "function" && /^invoke_[vijfd][ijfd]*$/.test(one.name))
    .map((one) => one.name);
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
        // Emscripten asks the solver for a message first, where fuel or stack may run out.
        if (isFromSolver(error)) exports.thrown.value = 1;
        throw error;
      }
    };
  }

  function connect(instance: WasmInstance): void {
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

/** Emscripten's class for C++ exceptions, which it does not export, alone has this. */
function isFromSolver(error: unknown): boolean {
  return error instanceof Error && "excPtr" in error;
}

/** Imports that raise a C++ exception. Any other exception passes the trampolines untouched. */
const throwing = ["__cxa_throw", "__cxa_rethrow", "__resumeException"];

interface TrampolineExports {
  /** Copy of the solver's function table. */
  readonly functions: WasmTable;
  readonly runtime: WasmTable;
  /** 1 from the raising of a C++ exception until a trampoline caught it. */
  readonly thrown: WasmGlobal;
  /** A clock that stands still. */
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
