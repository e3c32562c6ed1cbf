import { setImmediate as afterOthers } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { compileSolver, readStoredImages } from "../z3/installed/binary.ts";
import type { JudgeThread, Platform, ThreadEvents } from "./platform.ts";

/** Worker threads of Node, and the solver that is installed. */
export const nodePlatform: Platform = {
  startThread,
  compileSolver,
  loadImages: async () => {
    // All threads have the code before anybody looks for the images.
    await afterOthers();
    return readStoredImages();
  },
};

/** Stack for the solver's recursion over deep terms; the default of 4 MB is too little for Z3. */
const STACK_MEGABYTES = 64;

const isSource = import.meta.url.endsWith(".ts");
const workerFile = new URL(isSource ? "./worker.ts" : "./worker.js", import.meta.url);

function startThread({ onAnswer, onEnd }: ThreadEvents): JudgeThread {
  const conditions = isSource ? [...process.execArgv, "--conditions=@aethel/source"] : undefined;
  const worker = new Worker(workerFile, {
    resourceLimits: { stackSizeMb: STACK_MEGABYTES },
    ...(conditions === undefined ? {} : { execArgv: conditions }),
    // The solver prints to nobody.
    stdout: true,
    stderr: true,
  });
  worker.on("message", onAnswer);
  worker.on("error", onEnd);
  worker.on("exit", onEnd);
  // A judge that is idle does not keep the process alive.
  worker.unref();
  return {
    post: (message) => worker.postMessage(message),
    hold: () => worker.ref(),
    release: () => worker.unref(),
    end: () => worker.terminate(),
  };
}
