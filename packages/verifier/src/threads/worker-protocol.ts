import type { Judged, JudgePayload, Rejected } from "../judgement.ts";
import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";

/**
 * Message to a thread: the solver's code and the stored images, once each, and payloads. They may
 * come in any order.
 */
export type WorkerMessage = WorkerStart | WorkerImages | WorkerTask;

/**
 * Message with the solver's code. It is sent after the thread was started, so that the thread can
 * start while the code is compiled.
 */
export interface WorkerStart {
  readonly type: "start";
  /** Module that the process compiled once and that all threads share. */
  readonly module: WasmModule;
}

/**
 * Message with the stored images. It is sent after the code, because checking that the images
 * belong to the code takes as long as starting the code.
 */
export interface WorkerImages {
  readonly type: "images";
  /** Images, in memory that all threads share. Undefined if none are stored. */
  readonly images: StoredImages | undefined;
}

/** Message with a payload to judge. */
export interface WorkerTask {
  readonly type: "task";
  readonly id: number;
  readonly payload: JudgePayload;
  readonly resourceLimit: number;
}

/**
 * Answer of a thread. `begun`: the solver is ready and judging begins now, so that the time of the
 * start is not counted. `failed`: an exception was thrown, so the thread's solver can no longer be
 * trusted.
 */
export type WorkerAnswer =
  | { readonly type: "begun"; readonly id: number }
  | {
      readonly type: "judged";
      readonly id: number;
      readonly judgement: Judged | Rejected;
      /** Size of the solver's heap after the payload, in bytes. */
      readonly heapBytes: number;
    }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
