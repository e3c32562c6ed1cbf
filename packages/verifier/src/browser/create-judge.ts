import { type Judge, type JudgeOptions, openJudge } from "../judge/open-judge.ts";
import type { JudgeThread, ThreadEvents } from "../threads/platform.ts";
import type { WorkerAnswer } from "../threads/worker-protocol.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import { fetchSolver, SOLVER_URL } from "./fetch-solver.ts";
import { startWebWorker, type WebWorker } from "./web-worker.ts";

/** Options of `createJudge` in a browser page. */
export interface BrowserJudgeOptions extends JudgeOptions {
  /**
   * Address of `z3-built.wasm`. Default: the address at which the bundler put the file; without a
   * bundler, the address next to this module.
   */
  readonly solver?: URL | string;
  /**
   * Starts a worker that runs `@aethel/verifier/browser/worker`. Only needed for bundlers that do
   * not recognise `new Worker(new URL(..., import.meta.url))`. Default: such an expression.
   */
  readonly startWorker?: () => WebWorker;
}

/**
 * Compiled solvers by address, shared by the whole page. A failed compilation is removed, so that
 * it is tried again.
 */
const compiled = new Map<string, Promise<WasmModule>>();

/**
 * Starts Web Workers that judge payloads. Verdicts and counts of resources are the same as in Node.
 *
 * @throws VerifierError `OPTION` for a number out of range, `SOLVER_UNUSABLE` if the solver's file
 * cannot be fetched or has another hash.
 */
export async function createJudge(options: BrowserJudgeOptions = {}): Promise<Judge> {
  const { solver = SOLVER_URL, startWorker = startWebWorker, ...others } = options;
  return await openJudge(others, {
    startThread: (events) => threadOf(startWorker(), events),
    compileSolver: () => compileOnce(String(solver)),
    // Stored images are packed as only Node can unpack them; a warm-up takes 0.2 s.
    loadImages: () => Promise.resolve(undefined),
  });
}

async function compileOnce(url: string): Promise<WasmModule> {
  const compiling = compiled.get(url) ?? fetchSolver(url);
  compiled.set(url, compiling);
  try {
    return await compiling;
  } catch (error) {
    compiled.delete(url);
    throw error;
  }
}

function threadOf(worker: WebWorker, { onAnswer, onEnd }: ThreadEvents): JudgeThread {
  // The worker has one owner, so every message is an answer.
  worker.onmessage = ({ data }: { readonly data: WorkerAnswer }) => onAnswer(data);
  worker.onerror = onEnd;
  worker.onmessageerror = onEnd;
  return {
    post: (message) => worker.postMessage(message),
    // A page lives as long as it is shown.
    hold: () => undefined,
    release: () => undefined,
    end: () => Promise.resolve(worker.terminate()),
  };
}
