import { parentPort } from "node:worker_threads";
import { TestkitError, type Violation } from "@aethel/testkit";
import type { TaskDone } from "./run-tasks.ts";

/**
 * Runs each task that the main thread sends, and sends the result back. Tasks come one at a time.
 */
export function serveTasks<Task, Result>(run: (task: Task) => Promise<Result>): void {
  parentPort?.on("message", ({ at, task }: { readonly at: number; readonly task: Task }) => {
    void run(task).then((result) => {
      const done: TaskDone<Result> = { at, result };
      parentPort?.postMessage(done);
    });
  });
}

/** Result of a world with a violation, or of one that failed with an error. */
export type FailedWorld =
  | { readonly type: "violated"; readonly fault: Violation }
  | { readonly type: "broken"; readonly reason: string };

/**
 * Converts an error of a world to data, since an error that is sent between threads loses its
 * fields.
 */
export function failedWorld(error: unknown): FailedWorld {
  if (error instanceof TestkitError && error.fault.code === "VIOLATION") {
    return { type: "violated", fault: error.fault };
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: "broken", reason };
}
