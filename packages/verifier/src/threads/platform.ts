import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import type { WorkerAnswer, WorkerMessage } from "./worker-protocol.ts";

/** Services of Node or of a browser that the threads need. None can change a verdict. */
export interface Platform {
  /** Starts a thread that runs `serveJudge`. */
  readonly startThread: (events: ThreadEvents) => JudgeThread;
  /** Returns the solver's code, checked and compiled once. */
  readonly compileSolver: () => Promise<WasmModule>;
  /** Returns stored images, which save threads their warm-up; `undefined` where none are stored. */
  readonly loadImages: () => Promise<StoredImages | undefined>;
}

/** Thread that judges. */
export interface JudgeThread {
  readonly post: (message: WorkerMessage) => void;
  /** Keeps the process alive while the thread works; `release` ends that. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Ends the thread at once; resolves when it has ended. */
  readonly end: () => Promise<unknown>;
}

/**
 * Events of a thread. After `onEnd` it never answers again; `onEnd` may be called more than once.
 */
export interface ThreadEvents {
  readonly onAnswer: (answer: WorkerAnswer) => void;
  readonly onEnd: () => void;
}
