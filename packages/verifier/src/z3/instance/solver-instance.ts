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
import { createSession, type Session, type SolverKind } from "../session/session.ts";
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
  /** Count of what the solver burns; `fill` at the start of each payload. */
  readonly gauge: Gauge;
}

/** `formula`: terms built by us, plain solver. `script`: parsed SMT-LIB, all of Z3's tactics. */
export type Purpose = "formula" | "script";

interface Start {
  readonly image: MemoryImage;
  readonly context: number;
  /** What the context had spent when the image was taken. */
  readonly spent: number;
  /** Address of the context's count of units. */
  readonly countAt: number;
}

/** What a solver is made of. */
export interface SolverParts {
  /** May come later; what can be done without it is done meanwhile. */
  readonly module: WasmModule | Promise<WasmModule>;
  /** What Emscripten generated to start it. */
  readonly factory: EmscriptenFactory;
  /** With these nothing is warmed up: they are what a warm-up leaves. */
  readonly images?: StoredImages | Promise<StoredImages | undefined> | undefined;
}

/** Starts a solver in this thread, be it one of Node or of a browser. */
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
      // Fuel may have run out in the midst of the last session.
      exports._emscripten_stack_restore(running.stackPointer);
      return createSession({ ...running, context, spent });
    },
    image: (purpose) => starts(purpose).image,
    heapBytes,
    gauge,
  };
}

/** The images of a new solver, to be stored: made by a warm-up, whatever is stored already. */
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
  /** End of the stack while nothing runs. */
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
    // From the first image, so that the second never depends on what ran before it.
    formula.image.restore();
    // A context is 8 MB, most of it a table of 2^19 slots: one that nobody uses would be restored too.
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
        linked.resolve(instance.exports as unknown as SolverExports);
        done(instance, code);
      }, linked.reject);
      return {};
    },
  }) as Promise<{ readonly HEAPU8: Uint8Array }>;
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

function fuelOf(instance: WasmInstance): FuelCounter {
  const counter = (instance.exports as Readonly<Record<string, unknown>>)[FUEL_EXPORT];
  if (counter === undefined) {
    throw new VerifierError({ code: "SOLVER_UNUSABLE", reason: "its code does not count" });
  }
  return counter as FuelCounter;
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
function warmUpFormula(running: Running): void {
  const { exports } = running;
  const context = createContext(exports);
  const session = createSession({ ...running, context, spent: 0 });
  checkFormula(session);
  exports.Z3_del_context(context);
}

/** Not parsed: the reader of texts would take 20 of 130 ms (measured), and no obligation needs it. */
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
