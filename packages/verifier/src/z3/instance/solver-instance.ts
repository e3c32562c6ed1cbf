import { VerifierError } from "../../errors.ts";
import { createGauge, type FuelCounter, type Gauge } from "../fuel/gauge.ts";
import { FUEL_EXPORT, POLL_IMPORT } from "../fuel/instrument.ts";
import { findUnitCounter, readUnits } from "../fuel/unit-counter.ts";
import {
  breakOf,
  findMemory,
  imageOf,
  type MemoryImage,
  type SolverMemory,
  takeSnapshot,
  viewMemory,
} from "../memory/memory-image.ts";
import type { StoredImages, StoredStart } from "../memory/stored-images.ts";
import { createSession, type Session } from "../session/session.ts";
import type { SolverKind } from "../session/solver.ts";
import type { SolverExports } from "../session/solver-exports.ts";
import { createTermBuilder } from "../session/term-builder.ts";
import {
  type WasmImports,
  type WasmInstance,
  type WasmModule,
  webAssembly,
} from "../wasm/web-assembly.ts";
import type { EmscriptenFactory } from "./emscripten.ts";
import { createTrampolines } from "./exception-trampolines.ts";
import { sealImports } from "./sealed-imports.ts";
import { warmUpScripts, warmUpTerm } from "./warm-up.ts";

/**
 * Running solver that forgets everything between two sessions.
 *
 * Each `begin` restores the whole memory to an image with a new context. So a session does not
 * depend on earlier ones through options, tables that Z3 builds lazily, or the heap's layout. Z3's
 * nonlinear engine, too, becomes repeatable: otherwise its counts depend on earlier work even in a
 * fresh context.
 */
export interface SolverInstance {
  /**
   * Begins a session on a new context. Earlier sessions of the instance must not be used any more.
   */
  readonly begin: (purpose: Purpose) => Session;
  readonly image: (purpose: Purpose) => MemoryImage;
  /**
   * Returns the size of the heap (the allocator's break) in bytes. This much of the process's
   * memory may stay resident.
   */
  readonly heapBytes: () => number;
  /** Gauge of the solver's fuel. `fill` must be called for each payload. */
  readonly gauge: Gauge;
}

/**
 * Kind of a session. `formula`: terms built by this package, decided by Z3's SMT core. `script`:
 * parsed SMT-LIB, with all of Z3's tactics.
 */
export type Purpose = "formula" | "script";

interface Start {
  readonly image: MemoryImage;
  readonly context: number;
  /** Resource units that the Z3 context had counted when the image was taken. */
  readonly spent: number;
  /** Address of the memory word in which the Z3 context counts resource units. */
  readonly countAt: number;
}

/** Parts that are needed to start a solver. */
export interface SolverParts {
  /**
   * Compiled code, or a promise of it. The start does all work that needs no code before it waits
   * for the promise.
   */
  readonly module: WasmModule | Promise<WasmModule>;
  /** Loader that Emscripten generated. */
  readonly factory: EmscriptenFactory;
  /** Stored images, which replace the warm-up. Undefined if there are none. */
  readonly images?: StoredImages | Promise<StoredImages | undefined> | undefined;
}

/** Starts a solver in this thread, in Node or in a browser. */
export async function startSolver(parts: SolverParts): Promise<SolverInstance> {
  const running = await instantiate(parts);
  const stored = await parts.images;
  const memory =
    stored === undefined
      ? findMemory(running.bytes, running.exports)
      : viewMemory(running.bytes, stored.formula);
  const starts = stored === undefined ? warmUps(running, memory) : readyMade(memory, stored);
  const { gauge, exports } = running;
  const heapBytes = (): number => breakOf(memory);
  return {
    begin: (purpose) => {
      gauge.endSession();
      const { image, context, spent, countAt } = starts(purpose);
      const units = (): number => readUnits(memory, countAt) - spent;
      gauge.beginSession({ units, heapBytes });
      image.restore();
      // Fuel may have run out during the last session.
      exports._emscripten_stack_restore(running.stackPointer);
      return createSession({ ...running, context, spent });
    },
    image: (purpose) => starts(purpose).image,
    heapBytes,
    gauge,
  };
}

/** Makes the memory images of a new solver by a warm-up, without using stored images. */
export async function warmImages(parts: SolverParts): Promise<StoredImages> {
  const running = await instantiate(parts);
  const memory = findMemory(running.bytes, running.exports);
  const starts = warmUps(running, memory);
  const store = ({ image, ...facts }: Start): StoredStart => {
    const { breakAt, stackTop } = memory;
    return { snapshot: image.snapshot, ...facts, breakAt, stackTop };
  };
  return { formula: store(starts("formula")), script: store(starts("script")) };
}

interface Running {
  readonly bytes: Uint8Array;
  readonly exports: SolverExports;
  readonly gauge: Gauge;
  /** Stack pointer while no function of the solver runs. */
  readonly stackPointer: number;
}

function readyMade(memory: SolverMemory, stored: StoredImages): (purpose: Purpose) => Start {
  const start = ({ snapshot, ...facts }: StoredStart): Start => {
    return { ...facts, image: imageOf(memory, snapshot) };
  };
  const starts = { formula: start(stored.formula), script: start(stored.script) };
  return (purpose) => starts[purpose];
}

function warmUps(running: Running, memory: SolverMemory): (purpose: Purpose) => Start {
  const { exports } = running;
  warmUpFormula(running);
  const formula = start();
  let script: Start | undefined;

  function start(): Start {
    const context = createContext(exports);
    const session = createSession({ ...running, context, spent: 0 });
    const spent = session.spent();
    const image = imageOf(memory, takeSnapshot(memory));
    const countAt = findUnitCounter(memory, session, () => checkFormula(session));
    image.restore();
    return { image, context, spent, countAt };
  }

  function startScript(): Start {
    // Restored from the first image, so that the second never depends on earlier work.
    formula.image.restore();
    // A context is 8 MB, most of it a table of 2^19 slots; an unused one would be restored too.
    exports.Z3_del_context(formula.context);
    for (const text of warmUpScripts) warmUpScript(running, text);
    return start();
  }

  return (purpose) => {
    if (purpose === "formula") return formula;
    script ??= running.gauge.aside(startScript);
    return script;
  };
}

async function instantiate({ module, factory }: SolverParts): Promise<Running> {
  const gauge = createGauge();
  const linked = Promise.withResolvers<SolverExports>();
  const loading = factory({
    thisProgram: "z3",
    print: () => undefined,
    printErr: () => undefined,
    instantiateWasm: (imports, done) => {
      link(module, imports, gauge).then(({ instance, code }) => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exports of the solver, whose hash is checked
        linked.resolve(instance.exports as unknown as SolverExports);
        done(instance, code);
      }, linked.reject);
      return {};
    },
  });
  const exports = await linked.promise;
  const { HEAPU8: bytes } = await loading;
  return { bytes, exports, gauge, stackPointer: exports.emscripten_stack_get_current() };
}

async function link(
  module: WasmModule | Promise<WasmModule>,
  imports: WasmImports,
  gauge: Gauge,
): Promise<{ readonly instance: WasmInstance; readonly code: WasmModule }> {
  const code = await module;
  const sealed = sealImports(imports);
  const counted = { [POLL_IMPORT]: gauge.poll, emscripten_resize_heap: gauge.outOfMemory };
  const env = { ...sealed["env"], ...counted };
  const trampolines = createTrampolines(code, { ...sealed, env });
  const instance = new webAssembly.Instance(code, trampolines.imports);
  trampolines.connect(instance);
  gauge.connect(fuelOf(instance));
  return { instance, code };
}

function fuelOf({ exports }: WasmInstance): FuelCounter {
  const counter: unknown = Reflect.get(exports, FUEL_EXPORT);
  if (isCounter(counter)) return counter;
  throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: "its code does not count" });
}

function isCounter(value: unknown): value is FuelCounter {
  return typeof value === "object" && value !== null && "value" in value;
}

function createContext(exports: SolverExports): number {
  const config = exports.Z3_mk_config();
  // Without reference counts on terms: restoring the image frees all of them at once.
  const context = exports.Z3_mk_context(config);
  exports.Z3_del_config(config);
  exports.set_noop_error_handler(context);
  return context;
}

/** Makes Z3 build the tables that it builds on first use, so that the image contains them. */
function warmUpFormula(running: Running): void {
  const { exports } = running;
  const context = createContext(exports);
  const session = createSession({ ...running, context, spent: 0 });
  checkFormula(session);
  exports.Z3_del_context(context);
}

/**
 * Solves the warm-up formula. The formula is built, not parsed, because no obligation needs Z3's
 * parser and its first use would take 20 of 130 ms (measured).
 */
function checkFormula(session: Session): void {
  const solver = session.solver("simple");
  solver.assert([createTermBuilder(session)(warmUpTerm)]);
  solver.check(1e6);
}

function warmUpScript(running: Running, text: string): void {
  const { exports } = running;
  for (const kind of ["full", "simple"] as const) {
    const context = createContext(exports);
    const session = createSession({ ...running, context, spent: 0 });
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
