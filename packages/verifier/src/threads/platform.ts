import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import type { WorkerAnswer, WorkerMessage } from "./worker-protocol.ts";

/** Services of Node or of a browser that the threads need. None of them can change a verdict. */
export interface Platform {
  /** Starts a thread that runs `serveJudge`. */
  readonly startThread: (events: ThreadEvents) => JudgeThread;
  /** Returns the solver's code, checked and compiled. It is compiled only once. */
  readonly compileSolver: () => Promise<WasmModule>;
  /**
   * Returns stored memory images, which save threads their warm-up. Undefined if none are stored.
   */
  readonly loadImages: () => Promise<StoredImages | undefined>;
}

/** Thread that judges payloads. */
export interface JudgeThread {
  readonly post: (message: WorkerMessage) => void;
  /** Keeps the process alive while the thread works, until `release` is called. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Ends the thread at once. Resolves when it has ended. */
  readonly end: () => Promise<unknown>;
}

/**
 * Events of a thread. After `onEnd` the thread never answers again. `onEnd` may be called more than
 * once.
 */
export interface ThreadEvents {
  readonly onAnswer: (answer: WorkerAnswer) => void;
  readonly onEnd: () => void;
}
