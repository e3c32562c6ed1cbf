import { expect, test } from "vitest";
import { nodePlatform } from "../../src/threads/node-platform.ts";
import type { JudgeThread, Platform, ThreadEvents } from "../../src/threads/platform.ts";
import { startWorkerThreads } from "../../src/threads/worker-threads.ts";
import { quick, theorem } from "../judge/fixtures.ts";

const job = { payload: theorem(quick), resourceLimit: 1_000_000 };
const patient = {
  workers: 1,
  queueMax: 8,
  startMilliseconds: 60_000,
  watchdogMilliseconds: 60_000,
  heapBytesMax: 2 ** 30,
};
const silent: JudgeThread = {
  post: () => undefined,
  hold: () => undefined,
  release: () => undefined,
  end: () => Promise.resolve(),
};
const platformOf = (startThread: (events: ThreadEvents) => JudgeThread): Platform => ({
  startThread,
  compileSolver: () => Promise.resolve({ [Symbol.toStringTag]: "none" }),
  loadImages: () => Promise.resolve(undefined),
});

test("threads that end before they answer are started once for each proof, and no more", async () => {
  let started = 0;
  const platform = platformOf(({ onEnd }) => {
    started++;
    setImmediate(onEnd);
    return silent;
  });
  const threads = await startWorkerThreads(patient, platform);
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  await settle();
  const idle = started;
  const results = [await threads.run(job), await threads.run(job)];
  await settle();
  const after = started;
  await threads.close();

  expect(results).toEqual([1, 2].map(() => ({ type: "abstained", reason: "crash" })));
  expect(idle).toBe(1);
  // For each proof the thread that fails it, and the one that takes its place.
  expect(after).toBeLessThanOrEqual(1 + 2 * 2);
});

test("a thread that starts more slowly than the watchdog waits judges right", async () => {
  const watchdogMilliseconds = 2_000;
  const platform: Platform = {
    ...nodePlatform,
    startThread: (events) => {
      const thread = nodePlatform.startThread(events);
      const slowly = (message: Parameters<JudgeThread["post"]>[0]): void => {
        setTimeout(() => thread.post(message), 2 * watchdogMilliseconds);
      };
      return { ...thread, post: slowly };
    },
  };
  const threads = await startWorkerThreads({ ...patient, watchdogMilliseconds }, platform);
  const result = await threads.run(job);
  const replaced = threads.replaced;
  await threads.close();

  expect(result).toMatchObject({ type: "judged", verdict: "valid" });
  expect(replaced).toBe(0);
}, 60_000);

test("a thread that never begins is replaced when the time for starts is over, not before", async () => {
  let started = 0;
  const platform = platformOf(() => {
    started++;
    return silent;
  });
  const options = { ...patient, startMilliseconds: 100, watchdogMilliseconds: 1 };
  const threads = await startWorkerThreads(options, platform);
  const pending = threads.run(job);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const early = threads.replaced;
  const results = [await pending, await threads.run(job)];
  const replaced = threads.replaced;
  await threads.close();

  expect(results).toEqual([1, 2].map(() => ({ type: "abstained", reason: "watchdog" })));
  expect(early).toBe(0);
  expect(replaced).toBe(2);
  expect(started).toBe(3);
});

test("a thread that has begun and does not answer is ended by the watchdog", async () => {
  const platform = platformOf(({ onAnswer }) => ({
    ...silent,
    post: (message) => {
      if (message.type === "task") onAnswer({ type: "begun", id: message.id });
    },
  }));
  const threads = await startWorkerThreads({ ...patient, watchdogMilliseconds: 20 }, platform);
  const result = await threads.run(job);
  const replaced = threads.replaced;
  await threads.close();

  expect(result).toEqual({ type: "abstained", reason: "watchdog" });
  expect(replaced).toBe(1);
});
