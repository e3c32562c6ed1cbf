import { createTestNetwork, SMALL_SCOPES } from "@aethel/testkit";
import { describe, expect, test } from "vitest";
import { describeReport } from "../src/commands/report.ts";
import { describeFailure } from "../src/output/failure.ts";
import { complaintAbout, failureOf, simulate } from "./simulate.ts";

describe("aethel-sim run", () => {
  test("runs ten nodes, three of them Byzantine, on the ledger, and reports", async () => {
    const { code, text } = await simulate("run --nodes 10 --byzantine 3 --seed 4 --minutes 0.1");

    expect(code).toBe(0);
    expect(text).toMatch(/finalized sequences\s+│ \d+/);
    expect(text).toMatch(/p50 \d+, p99 \d+/);
    expect(text).toMatch(/steps\s+│ [\d,]+, [\d,]+ a second; every checker ran after each/);
    expect(text.match(/node \d+ \([0-9a-f]{8}\): [a-z-]+/g)).toHaveLength(3);
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
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
  });

  test("names the checkers that watched this very world", async () => {
    const heldIn = async (options: object): Promise<string> => {
      const application = "counter";
      await using network = await createTestNetwork({ nodeCount: 1, application, ...options });
      const measured = { report: network.report(), progressMs: 0, realMs: 1 };
      return describeReport(network, measured).join(" ").replaceAll("\n", " ");
    };
    const own = { name: "own-idea", observe: () => undefined };

    const all = await heldIn({});
    expect(all).toContain(
      "Held after every step: agreement, sequence, certificates, double signing",
    );
    expect(all).toContain("leadership");
    expect(all).toContain("inclusion");
    const few = await heldIn({ onlyCheckers: ["leadership"], checkers: [own] });
    expect(few).toMatch(/Held after every step: leadership, own idea\.$/);
  });

  test("`f` is as many Byzantine nodes as may be", async () => {
    const flags = "--minutes 0.01 --application counter";

    expect((await simulate(`run --nodes 7 --byzantine f ${flags}`)).text).toContain(", 2 of them");
    expect((await simulate(`run --nodes 3 --byzantine f ${flags}`)).text).toContain(", 0 of them");
  });

  test.each([
    ["--nodes 0 --byzantine 0", "a whole number above 0 is needed"],
    ["--nodes 4 --byzantine 5", "--byzantine: at most 4"],
    ["--loss 2", "a number from 0 to 1 is needed"],
    ["--minutes -1", "a number is needed"],
    ["--strategies lying", 'there is no "lying"; there are silent, '],
    ["--regions mars", 'there is no "mars"; there are frankfurt, '],
    ["--application none", 'there is no "none"; there are ledger, contracts, counter'],
    ["--nodse 4", "unknown option '--nodse' (Did you mean --nodes?)"],
    ["all", "too many arguments"],
  ])("%s is refused in one line that says what to do", async (flags, complaint) => {
    const told = await complaintAbout(`run ${flags}`);

    expect(told).toContain(complaint);
    expect(told).toMatch(/^aethel-sim: .* Next: .*\n$/);
    expect(told.trim().split("\n")).toHaveLength(1);
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
    const { code, text } = await simulate("strategies --seconds 10 --nodes 4 --strategies silent");

    expect(code).toBe(0);
    expect(text).toMatch(/^\| none \| 4 \| 0 \| \d+ \| \d+ \|  \| 0 \| no \|$/m);
    expect(text).toMatch(/^\| crashed \| 4 \| 1 \| \d+ \| \d+ \|/m);
    expect(text).toMatch(/^\| silent \| 4 \| 1 \| \d+ \| \d+ \| \d+ % \|/m);
    expect(text.split("\n")).toHaveLength(5);
  });
});

describe("aethel-sim worst", () => {
  test("prints each attack that leaves less than all before it, and how many were tried", async () => {
    const { code, text } = await simulate("worst --tries 3 --seconds 5 --confirm 0");

    expect(code).toBe(0);
    expect(text).toMatch(/^1: [\d.]+ % left by \{"timing":\{"sends":/m);
    expect(text).toMatch(/^3 tried\./m);
  });

  test("fewer than four nodes have no faulty minority", async () => {
    expect(await complaintAbout("worst --nodes 3")).toContain("--nodes: at least 4");
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
    expect(describeFailure(await failureOf(["replay", "{"])).message).toContain(
      "the world is not JSON: quote it as it was printed",
    );
    expect(describeFailure(await failureOf(["replay", "{}"])).exitCode).toBe(2);
  });
});
