import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import type { WorkerAnswer, WorkerMessage } from "./worker-protocol.ts";

/** What the pool needs of Node or of a browser. None of it can change a verdict. */
export interface Platform {
  /** Starts a thread that runs `serveJudge`. */
  readonly startThread: (events: ThreadEvents) => JudgeThread;
  /** The solver's code, checked and compiled once. */
  readonly compileSolver: () => Promise<WasmModule>;
  /** What saves threads their warm-up; `undefined` where nothing is stored. */
  readonly loadImages: () => Promise<StoredImages | undefined>;
}

/** A thread that judges. */
export interface JudgeThread {
  readonly post: (message: WorkerMessage) => void;
  /** While it works it keeps the process alive; idle it does not. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Ends it wherever it is; resolves when it is gone. */
  readonly end: () => Promise<unknown>;
}

/** What a thread tells. After `onEnd` it never answers again; it may come more than once. */
export interface ThreadEvents {
  readonly onAnswer: (answer: WorkerAnswer) => void;
  readonly onEnd: () => void;
}
