import { compileSolver, loadEmscriptenFactory } from "./binary.ts";
import { createTrampolines } from "./exception-trampolines.ts";
import { captureImage, findMemory, type MemoryImage } from "./memory-image.ts";
import { sealImports } from "./sealed-imports.ts";
import { createSession, type Session, type SolverKind } from "./session.ts";
import type { SolverExports } from "./solver-exports.ts";
import { createTermBuilder } from "./term-builder.ts";
import { warmUpScripts, warmUpTerm } from "./warm-up.ts";
import { type WasmModule, webAssembly } from "./web-assembly.ts";

/**
 * One running solver that forgets everything between two checks.
 *
 * Each `begin` puts the whole memory back to an image that holds a new context, so a session never
 * sees what ran before it: not through options, lazily built tables or the heap's layout. That also
 * fixes the nonlinear engine, whose counts differ by history even on fresh contexts.
 */
export interface SolverInstance {
  /** A new context. What earlier sessions hold is gone. */
  readonly begin: (purpose: Purpose) => Session;
  readonly image: (purpose: Purpose) => MemoryImage;
  /** Bytes below the allocator's break: what this instance may keep resident. */
  readonly heapBytes: () => number;
}

/** `formula`: terms built by us, plain solver. `script`: parsed SMT-LIB, all of Z3's tactics. */
export type Purpose = "formula" | "script";

interface Start {
  readonly image: MemoryImage;
  readonly context: number;
  /** What the context had spent when the image was taken. */
  readonly spent: number;
}

/** Starts a solver in this thread: about 0.2 s, once `module` is compiled (measured). */
export async function createSolverInstance(module?: WasmModule): Promise<SolverInstance> {
  const { bytes, exports } = await instantiate(module ?? (await compileSolver()));
  const memory = findMemory(bytes, exports);

  warmUpFormula(bytes, exports);
  const formula = start();
  let script: Start | undefined;

  function start(): Start {
    const context = createContext(exports);
    const spent = createSession({ exports, bytes, context, spent: 0 }).spent();
    return { image: captureImage(memory), context, spent };
  }

  function startOf(purpose: Purpose): Start {
    if (purpose === "formula") return formula;
    if (script === undefined) {
      // From the first image, so that the second never depends on what ran before it.
      formula.image.restore();
      // A context is 8 MB, most of it a table of 2^19 slots: one that nobody uses would be restored too.
      exports.Z3_del_context(formula.context);
      for (const text of warmUpScripts) warmUpScript(bytes, exports, text);
      script = start();
    }
    return script;
  }

  return {
    begin: (purpose) => {
      const { image, context, spent } = startOf(purpose);
      image.restore();
      return createSession({ exports, bytes, context, spent });
    },
    image: (purpose) => startOf(purpose).image,
    heapBytes: () => memory.view.readUInt32LE(memory.breakAt),
  };
}

async function instantiate(
  module: WasmModule,
): Promise<{ bytes: Uint8Array; exports: SolverExports }> {
  const factory = loadEmscriptenFactory();
  let exports: SolverExports | undefined;
  const loaded = (await factory({
    thisProgram: "z3",
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports, done) => {
      const trampolines = createTrampolines(module, sealImports(imports));
      const instance = new webAssembly.Instance(module, trampolines.imports);
      trampolines.connect(instance);
      exports = instance.exports as unknown as SolverExports;
      done(instance, module);
      return instance.exports;
    },
  })) as { readonly HEAPU8: Uint8Array };
  if (exports === undefined) throw new Error("unreachable: the loader never instantiated");
  return { bytes: loaded.HEAPU8, exports };
}

function createContext(exports: SolverExports): number {
  const config = exports.Z3_mk_config();
  // Without reference counts on terms: the image that is put back frees all of them at once.
  const context = exports.Z3_mk_context(config);
  exports.Z3_del_config(config);
  exports.set_noop_error_handler(context);
  return context;
}

/** Builds the tables that Z3 makes on first use, so that they are part of the image. */
function warmUpFormula(bytes: Uint8Array, exports: SolverExports): void {
  const context = createContext(exports);
  const session = createSession({ exports, bytes, context, spent: 0 });
  // Not parsed: the reader of texts would take 20 of 130 ms (measured), and no obligation needs it.
  const solver = session.solver("simple");
  solver.assert([createTermBuilder(session)(warmUpTerm)]);
  solver.check(1e6);
  exports.Z3_del_context(context);
}

function warmUpScript(bytes: Uint8Array, exports: SolverExports, text: string): void {
  for (const kind of ["full", "simple"] as const) {
    const context = createContext(exports);
    const session = createSession({ exports, bytes, context, spent: 0 });
    warmUp(session, { text, kind });
    exports.Z3_del_context(context);
  }
}

function warmUp(
  session: Session,
  problem: { readonly text: string; readonly kind: SolverKind },
): void {
  const solver = session.solver(problem.kind);
  solver.assert(session.parse(problem.text));
  solver.check(1e6);
}
