import { describe, expect, test } from "vitest";
import { type FuzzedWorld, type FuzzOptions, fuzzWorlds } from "../src/fuzz/fuzz-worlds.ts";
import { runTasks } from "../src/threads/run-tasks.ts";

const world = { nodesMax: 4, faultsMs: 2_000 };

describe("worlds on several threads", () => {
  test("end with the lowest seed that does not pass, whatever thread ends first", async () => {
    const worlds = fuzzWorlds({ first: 1, runs: 6, jobs: 2, world: { application: "none" } });
    const [first, ...rest] = await all(worlds);

    expect(first).toMatchObject({ seed: 1, type: "broken" });
    expect(rest).toEqual([]);
  });

  test("come in the order of seeds, the same with one thread and with two", async () => {
    const run = (jobs: number): Promise<readonly FuzzedWorld[]> =>
      all(fuzzWorlds({ first: 30, runs: 5, jobs, world }));
    const two = await run(2);

    expect(two.map(({ seed }) => seed)).toEqual([30, 31, 32, 33, 34]);
    expect(two).toEqual(await run(1));
  });

  test("without a number of runs, none begins once time is up, and each that began is told", async () => {
    let asked = 0;
    const isTimeUp = (): boolean => ++asked > 5;
    const worlds = await all(
      fuzzWorlds({ first: 7, runs: Number.POSITIVE_INFINITY, jobs: 2, world, isTimeUp }),
    );

    expect(worlds.map(({ seed }) => seed)).toEqual([7, 8, 9, 10, 11]);
  });

  test("an abort ends them, in the order of seeds up to there", async () => {
    const controller = new AbortController();
    const seeds: number[] = [];
    const endless: FuzzOptions = { first: 1, runs: 1e9, jobs: 2, world, signal: controller.signal };
    for await (const { seed } of fuzzWorlds(endless)) {
      seeds.push(seed);
      if (seeds.length === 3) controller.abort();
    }

    expect(seeds).toEqual([1, 2, 3]);
  });

  test("an abort while all threads are busy does not wait for them", async () => {
    const long = { nodesMax: 7, faultsMs: 100_000_000 };
    const signal = AbortSignal.timeout(500);

    expect(await all(fuzzWorlds({ first: 1, runs: 2, jobs: 2, world: long, signal }))).toEqual([]);
  });
});

describe("a thread that ends on its own", () => {
  const runner = new URL("./dying-worker.ts", import.meta.url);
  const run = (tasks: readonly string[]): Promise<readonly string[]> =>
    all(runTasks<string, string>({ runner, tasks, threads: 2 }));

  test.each([
    ["exit", "it ended with exit code 7"],
    ["throw", "out of something"],
  ])("by %s is an error that names its task", async (how, reason) => {
    await expect(run(["a", "b", how, "c"])).rejects.toThrow(
      `a thread ended at task "${how}": ${reason}`,
    );
  });

  test("all others are answered in their order", async () => {
    const tasks = Array.from({ length: 50 }, (_, at) => `task ${at}`);

    expect(await run(tasks)).toEqual(tasks);
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
