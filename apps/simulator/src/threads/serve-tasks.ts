import { parentPort } from "node:worker_threads";
import { TestkitError, type Violation } from "@aethel/testkit";
import type { TaskDone } from "./run-tasks.ts";

/** On a thread of a pool: runs the tasks that it is told, one after the other. */
export function serveTasks<Task, Result>(run: (task: Task) => Promise<Result>): void {
  parentPort?.on("message", ({ at, task }: { readonly at: number; readonly task: Task }) => {
    void run(task).then((result) => parentPort?.postMessage({ at, result } as TaskDone<Result>));
  });
}

/** A world that did not end well. */
export type FailedWorld =
  | { readonly type: "violated"; readonly fault: Violation }
  | { readonly type: "broken"; readonly reason: string };

/** What an error of a world means. Threads send data, and errors lose their facts on the way. */
export function failedWorld(error: unknown): FailedWorld {
  if (error instanceof TestkitError && error.fault.code === "VIOLATION") {
    return { type: "violated", fault: error.fault };
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: "broken", reason };
}
