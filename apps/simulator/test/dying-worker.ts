import process from "node:process";
import { parentPort } from "node:worker_threads";

/** A thread of a pool that answers each task with itself, until it is told to die. */
parentPort?.on("message", ({ at, task }: { readonly at: number; readonly task: string }) => {
  if (task === "exit") process.exit(7);
  if (task === "throw") throw new Error("out of something");
  parentPort?.postMessage({ at, result: task });
});
