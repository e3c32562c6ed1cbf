import type { Judged, JudgePayload, Rejected } from "../judgement.ts";
import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";

/** Message to a thread: the solver's code once, the images, and payloads, in any order. */
export type WorkerMessage = WorkerStart | WorkerImages | WorkerTask;

/**
 * Solver's code. It is sent after the thread has started, so that the thread starts during
 * compilation.
 */
export interface WorkerStart {
  readonly type: "start";
  /** Module that the process compiled once and all threads share. */
  readonly module: WasmModule;
}

/**
 * Stored images. They are sent after the code, since checking that they belong to it takes as long
 * as starting it.
 */
export interface WorkerImages {
  readonly type: "images";
  /** Images in memory that all threads share; `undefined` where none are stored. */
  readonly images: StoredImages | undefined;
}

/** Payload to judge. */
export interface WorkerTask {
  readonly type: "task";
  readonly id: number;
  readonly payload: JudgePayload;
  readonly resourceLimit: number;
}

/**
 * Answer of a thread. `begun`: the solver is ready and judging begins now, so the time of a start
 * is not counted. `failed`: the thread's solver can no longer be trusted.
 */
export type WorkerAnswer =
  | { readonly type: "begun"; readonly id: number }
  | {
      readonly type: "judged";
      readonly id: number;
      readonly judgement: Judged | Rejected;
      /** Size of the solver's heap. */
      readonly heapBytes: number;
    }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
