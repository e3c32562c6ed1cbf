import { assertNever } from "@aethel/models/primitives";
import { judgePayload, purposeOf } from "../verdicts/judge-payload.ts";
import type { EmscriptenFactory } from "../z3/instance/emscripten.ts";
import { startSolver } from "../z3/instance/solver-instance.ts";
import type { StoredImages } from "../z3/memory/stored-images.ts";
import type { WasmModule } from "../z3/wasm/web-assembly.ts";
import type { WorkerAnswer, WorkerMessage, WorkerTask } from "./worker-protocol.ts";

/**
 * Serves one thread: it judges one payload after the other. Between two payloads it keeps nothing
 * that can affect an answer. An exception leaves the solver in an unknown state; the thread reports
 * it, and must be replaced.
 *
 * Returns the function that the thread must call with each message.
 */
export function serveJudge(
  factory: EmscriptenFactory,
  post: (answer: WorkerAnswer) => void,
): (message: WorkerMessage) => void {
  const module = Promise.withResolvers<WasmModule>();
  const images = Promise.withResolvers<StoredImages | undefined>();
  const starting = startSolver({ module: module.promise, images: images.promise, factory });
  // The first task reports the failure.
  starting.catch(() => undefined);

  async function work(task: WorkerTask): Promise<WorkerAnswer> {
    try {
      const instance = await starting;
      // Work that a thread does once is part of its start, not of the payload's time.
      instance.image(purposeOf(task.payload));
      post({ type: "begun", id: task.id });
      const start = performance.now();
      const judgement = judgePayload(instance, task.payload, task.resourceLimit);
      const milliseconds = performance.now() - start;
      const heapBytes = instance.heapBytes();
      return { type: "judged", id: task.id, judgement: { ...judgement, milliseconds }, heapBytes };
    } catch (error) {
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { type: "failed", id: task.id, message: message.slice(0, 300) };
    }
  }

  return (message) => {
    switch (message.type) {
      case "start":
        return module.resolve(message.module);
      case "images":
        return images.resolve(message.images);
      case "task":
        return void work(message).then(post);
      default:
        return assertNever(message);
    }
  };
}
