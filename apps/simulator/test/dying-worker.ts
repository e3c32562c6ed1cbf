import process from "node:process";
import { parentPort } from "node:worker_threads";

/** Worker thread that answers each task with the task, until a task tells it to end. */
parentPort?.on("message", ({ at, task }: { readonly at: number; readonly task: string }) => {
  if (task === "exit") process.exit(7);
  if (task === "throw") throw new Error("out of something");
  parentPort?.postMessage({ at, result: task });
});
