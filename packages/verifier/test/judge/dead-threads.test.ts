import { expect, test } from "vitest";
import type { JudgeThread, Platform } from "../../src/judge/platform.ts";
import { createWorkerPool } from "../../src/judge/worker-pool.ts";
import { quick, theorem } from "./fixtures.ts";

test("threads that end before they answer are started once for each proof, and no more", async () => {
  let started = 0;
  const thread: JudgeThread = {
    post: () => undefined,
    hold: () => undefined,
    release: () => undefined,
    end: () => Promise.resolve(),
  };
  const platform: Platform = {
    startThread: ({ onEnd }) => {
      started++;
      setImmediate(onEnd);
      return thread;
    },
    compileSolver: () => Promise.resolve({ [Symbol.toStringTag]: "none" }),
    loadImages: () => Promise.resolve(undefined),
  };
  const options = { workers: 1, queueMax: 8, watchdogMilliseconds: 60_000, heapBytesMax: 2 ** 30 };
  const pool = await createWorkerPool(options, platform);
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  await settle();
  const idle = started;
  const job = { payload: theorem(quick), resourceLimit: 1_000 };
  const results = [await pool.run(job), await pool.run(job)];
  await settle();
  const after = started;
  await pool.close();

  expect(results).toEqual([1, 2].map(() => ({ type: "abstained", reason: "crash" })));
  expect(idle).toBe(1);
  // For each proof the thread that fails it, and the one that takes its place.
  expect(after).toBeLessThanOrEqual(1 + 2 * 2);
});
