import { NotYetError } from "@aethel/models";
import { SMALL_SCOPES, STRATEGIES, TestkitError } from "@aethel/testkit";
import { describe, expect, test } from "vitest";
import { describeFailure } from "../src/failure.ts";
import { type FuzzedWorld, fuzzWorlds } from "../src/fuzz-pool.ts";
import { createProgram } from "../src/program.ts";

describe("aethel-sim run", () => {
  test("runs ten nodes, three of them Byzantine, on the ledger, and reports", async () => {
    const { code, text } = await simulate("run --nodes 10 --byzantine 3 --seed 4 --minutes 0.1");

    expect(code).toBe(0);
    expect(text).toMatch(/finalized sequences\s+│ \d+/);
    expect(text).toMatch(/p50 \d+, p99 \d+/);
    expect(text).toMatch(/steps\s+│ [\d,]+, [\d,]+ a second; every checker ran after each/);
    expect(text.match(/node \d+ \([0-9a-f]{8}\): [a-z-]+/g)).toHaveLength(3);
  });

  test("the same seed gives the same event log, another one another", async () => {
    const logOf = async (seed: number): Promise<unknown> => {
      const flags = "--nodes 4 --byzantine 1 --minutes 0.05 --application counter --json";
      const { text } = await simulate(`run --seed ${seed} ${flags}`);
      return JSON.parse(text).logDigest;
    };

    expect(await logOf(1)).toBe(await logOf(1));
    expect(await logOf(1)).not.toBe(await logOf(2));
  });

  test("regions are far from each other: finality is slower than in one place", async () => {
    const flags = "--nodes 4 --byzantine 0 --minutes 0.1 --application counter --json";
    const far = JSON.parse((await simulate(`run ${flags} --regions frankfurt,sydney`)).text);
    const near = JSON.parse((await simulate(`run ${flags} --bandwidth 1000`)).text);

    expect(far.finalityMs.p50).toBeGreaterThan(near.finalityMs.p50 + 200);
    const wrong = describeFailure(await failureOf(`run ${flags} --regions mars`));
    expect(wrong.message).toContain('there is no "mars"; there are frankfurt');
  });

  test("a wrong flag is named", async () => {
    const nodes = await failureOf("run --nodes 0 --byzantine 0");
    const strategies = await failureOf("run --nodes 4 --byzantine 1 --strategies lying");

    expect(nodes).toBeInstanceOf(TestkitError);
    expect(describeFailure(nodes)).toEqual({ message: "nodeCount: at least 1", exitCode: 2 });
    expect(describeFailure(strategies).message).toContain('there is no "lying"; there are silent');
  });

  test("too many Byzantine nodes violate a property, with the command that shows it again", async () => {
    const flags = "--nodes 4 --byzantine 2 --minutes 0.1 --strategies silent --application counter";
    const { message, exitCode } = describeFailure(await failureOf(`run ${flags}`));
    const [, world] = /npm run sim -- replay '(.*)'$/.exec(message) ?? [];

    expect(exitCode).toBe(1);
    expect(message).toContain("VIOLATION of progress");
    const again = describeFailure(await failureOf(["replay", world ?? "", "--lines", "5"]));
    expect(again.message).toBe(message);
  });
});

describe("aethel-sim fuzz", () => {
  test("runs random worlds and says how many and how fast", async () => {
    const { code, text } = await simulate("fuzz --runs 5 --seed 3 --nodes-max 4");

    expect(code).toBe(0);
    expect(text).toMatch(/^No violation\. 5 of 5 worlds: [\d.]+ worlds and [\d.]+ virtual hours/m);
  });
});

describe("aethel-sim fuzz, on several threads", () => {
  test("ends with the lowest seed that does not pass, whatever thread ends first", async () => {
    const worlds = fuzzWorlds({ first: 1, runs: 6, jobs: 2, world: { application: "none" } });
    const [first, ...rest] = await all(worlds);

    expect(first).toMatchObject({ seed: 1, type: "broken" });
    expect(rest).toEqual([]);
  });

  test("results come in the order of seeds, the same with one thread and with two", async () => {
    const world = { nodesMax: 4, faultsMs: 2_000 };
    const run = (jobs: number): Promise<readonly FuzzedWorld[]> =>
      all(fuzzWorlds({ first: 30, runs: 8, jobs, world }));
    const two = await run(2);

    expect(two.map(({ seed }) => seed)).toEqual([30, 31, 32, 33, 34, 35, 36, 37]);
    expect(two).toEqual(await run(1));
  });
});

describe("aethel-sim explore", () => {
  test("looks at every small scope, and counts", async () => {
    const { code, text } = await simulate("explore --states 60 --model-states 200");

    expect(code).toBe(0);
    expect(text.match(/engine 60 states, \d+ steps/g)).toHaveLength(SMALL_SCOPES.length);
    expect(text).toMatch(/^No violation in \d+ states of real engines/m);
  });
});

describe("aethel-sim strategies", () => {
  test("prints what each strategy leaves of the throughput", async () => {
    const { code, text } = await simulate("strategies --seconds 2 --nodes 4");

    expect(code).toBe(0);
    expect(text).toMatch(/^\| none \| 4 \| 0 \| \d+ \| \d+ \|/m);
    expect(text.split("\n")).toHaveLength(3 + STRATEGIES.length);
  });
});

describe("aethel-sim replay", () => {
  test("prints the trace of a world", async () => {
    const world = { nodeCount: 4, application: "counter", workEveryMs: 200, untilMs: 1_000 };
    const { code, text } = await simulate(["replay", JSON.stringify(world), "--lines", "1000"]);

    expect(code).toBe(0);
    expect(text).toMatch(/^\d+ \d>\d delivered pre-prepare s1 v0 [0-9a-f]{8} by \d$/m);
    expect(text).toMatch(/^\d+ \d applied s1 [0-9a-f]{8}$/m);
    expect(text).toMatch(/No violation up to 1000 virtual ms, step \d+\.$/);
  });

  test("what is not a world is refused in one line", async () => {
    expect(describeFailure(await failureOf(["replay", "{"])).message).toBe(
      "the world is not JSON: quote it as it was printed",
    );
    expect(describeFailure(await failureOf(["replay", "{}"])).exitCode).toBe(2);
  });
});

describe("what is not built yet", () => {
  test.each(["sweep"])("%s says so by name", async (name) => {
    const error = await failureOf([name]);

    expect(error).toBeInstanceOf(NotYetError);
    expect(describeFailure(error)).toEqual({
      message: `NOT_YET: aethel-sim ${name} is not built yet`,
      exitCode: 2,
    });
  });
});

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function simulate(
  command: string | readonly string[],
): Promise<{ readonly code: number | undefined; readonly text: string }> {
  const lines: string[] = [];
  let code: number | undefined;
  const program = createProgram({
    write: (line) => lines.push(line),
    finish: (exitCode) => {
      code = exitCode;
    },
  });
  const words = typeof command === "string" ? command.split(" ") : command;
  await program.parseAsync([...words], { from: "user" });
  return { code, text: lines.join("\n") };
}

async function failureOf(command: string | readonly string[]): Promise<unknown> {
  try {
    await simulate(command);
    return undefined;
  } catch (error) {
    return error;
  }
}
