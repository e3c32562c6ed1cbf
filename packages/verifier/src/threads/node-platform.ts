import { setImmediate as afterOthers } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { compileSolver, readStoredImages } from "../z3/installed/binary.ts";
import type { JudgeThread, Platform, ThreadEvents } from "./platform.ts";

/** Platform of Node: its worker threads, and the installed solver. */
export const nodePlatform: Platform = {
  startThread,
  compileSolver,
  loadImages: async () => {
    // All threads have the code before the images are looked for.
    await afterOthers();
    return readStoredImages();
  },
};

/**
 * Size of a thread's stack. Z3 recurses over deep terms, for which the default of 4 MB is too
 * small.
 */
const STACK_MEGABYTES = 64;

const isSource = import.meta.url.endsWith(".ts");
const workerFile = new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url);

function startThread({ onAnswer, onEnd }: ThreadEvents): JudgeThread {
  const conditions = isSource ? [...process.execArgv, "--conditions=@aethel/source"] : undefined;
  const worker = new Worker(workerFile, {
    resourceLimits: { stackSizeMb: STACK_MEGABYTES },
    ...(conditions === undefined ? {} : { execArgv: conditions }),
    // Output of the solver is dropped.
    stdout: true,
    stderr: true,
  });
  worker.on("message", onAnswer);
  worker.on("error", onEnd);
  worker.on("exit", onEnd);
  // An idle Judge does not keep the process alive.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    hold: () => worker.ref(),
    release: () => worker.unref(),
    end: () => worker.terminate(),
  };
}
