import type { Judged, JudgePayload, Rejected } from "../judgement.ts";
import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";

/** What a judging thread is told: the solver's code once, and payloads, in any order. */
export type WorkerMessage = WorkerStart | WorkerImages | WorkerTask;

/** Comes after the thread has started, so that it starts while the code is being compiled. */
export interface WorkerStart {
  readonly type: "start";
  /** Compiled once in the process, shared by all its threads. */
  readonly module: WasmModule;
}

/** Comes after the code, since finding out whether they belong to it takes as long as starting it. */
export interface WorkerImages {
  readonly type: "images";
  /** In memory that all threads share; `undefined` where none are stored. */
  readonly images: StoredImages | undefined;
}

/** One payload to judge. */
export interface WorkerTask {
  readonly type: "task";
  readonly id: number;
  readonly payload: JudgePayload;
  readonly resourceLimit: number;
}

/**
 * `begun`: the solver stands and judging begins now, so that the time of a start is not counted.
 * `failed`: the thread's solver cannot be trusted any more.
 */
export type WorkerAnswer =
  | { readonly type: "begun"; readonly id: number }
  | {
      readonly type: "judged";
      readonly id: number;
      readonly judgement: Judged | Rejected;
      /** What the solver's heap grew to. */
      readonly heapBytes: number;
    }
  | { readonly type: "failed"; readonly id: number; readonly message: string };
