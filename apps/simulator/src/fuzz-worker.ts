import { parentPort, workerData } from "node:worker_threads";
import { drawWorld, type RandomWorldOptions, runWorld, TestkitError } from "@aethel/testkit";
import type { FuzzedWorld } from "./fuzz-pool.ts";

/** Runs the worlds whose seeds it is told, one after the other. */
const base: Omit<RandomWorldOptions, "seed"> = workerData;

parentPort?.on("message", (seed: number) => {
  void fuzzOne(seed).then((world) => parentPort?.postMessage(world));
});

async function fuzzOne(seed: number): Promise<FuzzedWorld> {
  try {
    const { virtualMs, steps, progressMs } = await runWorld(drawWorld({ ...base, seed }));
    return { seed, type: "passed", virtualMs, steps, progressMs };
  } catch (error) {
    if (error instanceof TestkitError && error.fault.code === "VIOLATION") {
      return { seed, type: "violated", fault: error.fault };
    }
    return {
      seed,
      type: "broken",
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
