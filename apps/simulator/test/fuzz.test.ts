import { drawWorld, STRATEGIES, type WorldOptions } from "@aethel/testkit";
import { describe, expect, test, vi } from "vitest";
import { FAULT_GROUPS, faultsOf } from "../src/fuzz/faults.ts";
import { type FuzzFlags, fuzz, type WorldSource } from "../src/fuzz/fuzz.ts";
import { type FuzzedWorld, fuzzWorlds, type PassedWorld } from "../src/fuzz/fuzz-worlds.ts";
import { createTally } from "../src/fuzz/tally.ts";
import type { Surroundings } from "../src/output/program-output.ts";
import { SILENT } from "../src/output/progress.ts";
import { complaintAbout, simulate } from "./simulate.ts";

describe("aethel-sim fuzz", () => {
  test("runs random worlds and says how many, how fast, and what was wrong in them", async () => {
    const { code, text } = await simulate("fuzz --runs 6 --seed 3 --nodes-max 4");

    expect(code).toBe(0);
    expect(text).toMatch(/^No violation\. 6 of 6 worlds: [\d.]+ worlds and [\d.]+ virtual hours/m);
    expect(text).toMatch(/[\d.]+ virtual hours, [\d,]+ steps/);
    const flat = text.replaceAll(/\s+/g, " ");
    for (const { name, isOfLedger } of STRATEGIES) {
      // What worlds of the counter cannot have is not called untried.
      const told = new RegExp(`[ ,]${name} \\d`).test(flat);
      expect(told, name).toBe(isOfLedger !== true);
    }
    expect(flat).toMatch(/view changes [1-6] \(/);
    expect(text).not.toContain("To go on");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("interrupted, exits with 130, and says with which seed to go on", async () => {
    const { code, text } = await fuzzed({ seed: 5, runs: 40 }, [passed(5), passed(6)], true);

    expect(code).toBe(130);
    expect(text).toMatch(/^Interrupted; no violation so far\. 2 of 40 worlds/m);
    expect(text).toContain("To go on: npm run sim -- fuzz --seed 7 --runs 38 --nodes-max 4");
  });

  test("with its time up, exits with 0, and says with which seed to go on", async () => {
    const { code, text } = await fuzzed({ seed: 5, minutes: 2 }, [passed(5), passed(6)]);

    expect(code).toBe(0);
    expect(text).toMatch(/^No violation\. 2 worlds: /m);
    expect(text).toContain("To go on: npm run sim -- fuzz --seed 7 --minutes 2 --nodes-max 4");
  });

  test("minutes without a number of runs are as many worlds as fit in, and else a hundred", async () => {
    const runsOf = async (flags: Partial<FuzzFlags>): Promise<number> => {
      let asked = 0;
      await fuzzed(flags, (options) => {
        asked = options.runs;
        return all([]);
      });
      return asked;
    };

    expect(await runsOf({ minutes: 1 })).toBe(Number.POSITIVE_INFINITY);
    expect(await runsOf({ minutes: 1, runs: 7 })).toBe(7);
    expect(await runsOf({})).toBe(100);
  });

  test("time is up after that many real minutes, and not before", async () => {
    const answers: (boolean | undefined)[] = [];
    const clock = vi.spyOn(performance, "now");
    try {
      clock.mockReturnValue(1_000);
      await fuzzed({ minutes: 0.5 }, async function* ({ isTimeUp }) {
        for (const nowMs of [1_000, 30_999, 31_000]) {
          clock.mockReturnValue(nowMs);
          answers.push(isTimeUp?.());
          yield passed(1);
        }
      });
    } finally {
      clock.mockRestore();
    }

    expect(answers).toEqual([false, false, true]);
  });

  test("a violation has exit code 1, the replay, and the command that draws the world again", async () => {
    const { code, text } = await fuzzed({ seed: 1, runs: 9, shrink: 0 }, [passed(1), violated(2)]);

    expect(code).toBe(1);
    expect(text).toContain("World of seed 2: VIOLATION of agreement at 12 ms, step 3: two blocks");
    expect(text).toContain("Show it again: npm run sim -- replay '{}'");
    expect(text).toContain("Before it, without a violation: 1 of 9 worlds");
    expect(text).toContain("npm run sim -- fuzz --seed 2 --runs 1 --nodes-max 4");
  });

  test("a violation that does not come again is left as large as it is", async () => {
    const { code, text } = await fuzzed({ seed: 2, shrink: 2, faultsMs: 500 }, [violated(2)]);

    expect(code).toBe(1);
    expect(text).toContain("The smallest of 2 worlds tried that breaks the same: VIOLATION");
  });

  test("a world that breaks down has exit code 1 and its seed", async () => {
    const broken: FuzzedWorld = { seed: 2, type: "broken", reason: "Error: no memory" };
    const { code, text } = await fuzzed({ seed: 2, runs: 9 }, [broken]);

    expect(code).toBe(1);
    expect(text).toContain("World of seed 2 broke: Error: no memory");
    expect(text).toContain("Show it again: npm run sim -- fuzz --seed 2 --runs 1");
  });

  test.each([
    ["--runs 0", "--runs: at least 1"],
    ["--nodes-max 3", "--nodes-max: at least 4"],
    ["--jobs 0", "--jobs: at least 1"],
    ["--faults-ms 0", "--faults-ms: at least 1"],
    ["--minutes 0", "a number above 0 is needed"],
    ["--application none", 'there is no "none"; there are ledger, contracts, counter'],
  ])("%s is refused", async (flags, complaint) => {
    const told = await complaintAbout(`fuzz ${flags}`);

    expect(told).toContain(complaint);
    expect(told).toMatch(/Next: .*\n$/);
  });
});

describe("what was wrong in a world", () => {
  test("is told for each kind of fault that random worlds have", () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 3_000; seed++) {
      for (const fault of faults({ world: drawWorld({ seed }) })) seen.add(fault);
    }

    const drawn = FAULT_GROUPS.filter(({ group }) => !["Byzantine", "Seen"].includes(group));
    const missing = drawn.flatMap(({ group, names }) =>
      names.filter((name) => !seen.has(`${group}:${name}`)),
    );
    expect(missing).toEqual([]);
  });

  test("tells restarts of worlds where something ended a process, and of no others", async () => {
    const ends = [
      "Processes:crash",
      "Processes:power cut after a message",
      "Processes:damaged disk",
    ];
    const world = { nodesMax: 7, faultsMs: 1_500 };
    let [restarted, untouched] = [0, 0];
    for await (const each of fuzzWorlds({ first: 1, runs: 24, jobs: 2, world })) {
      if (each.type !== "passed") throw new Error(`the world of seed ${each.seed} is ${each.type}`);
      const isEnded = ends.some((end) => each.faults.includes(end));
      const isRestarted = each.faults.includes("Seen:restarts");
      if (isRestarted) restarted += 1;
      if (!isEnded && each.faults.includes("Byzantine:any")) untouched += 1;
      expect(isEnded || !isRestarted).toBe(true);
    }

    expect(restarted).toBeGreaterThan(0);
    expect(untouched).toBeGreaterThan(0);
  });

  test("is nothing in a calm world, and what it is in another", () => {
    expect(faults({ world: { nodeCount: 4 } })).toEqual(["Seen:nothing wrong"]);
    expect(
      faults({
        world: {
          nodeCount: 4,
          powers: [1, 1, 1, 2],
          network: { lossRate: 0.1 },
          actions: [{ type: "partition", groups: [[0]], atMs: 1, oneWay: true }],
          powerCuts: { rate: 1, downMs: 1, most: 1 },
        },
        strategies: ["silent", "usurper", "silent"],
        viewChanges: 1,
        restarts: 2,
        evidence: { "double-vote": 1 },
      }),
    ).toEqual([
      "Byzantine:any",
      "Byzantine:silent",
      "Byzantine:usurper",
      "Processes:power cut after a message",
      "Network:loss",
      "Network:partition",
      "Network:one-way partition",
      "Chain:unequal stakes",
      "Seen:view changes",
      "Seen:restarts",
      "Seen:evidence",
    ]);
  });
});

describe("how far it is", () => {
  test("has the rate and the time to go, by runs or by time, whatever is sooner", () => {
    let nowMs = 0;
    const now = (): number => nowMs;
    const tally = createTally({ first: 1, runs: 1_000, durationMs: undefined, now });
    const timed = createTally({ first: 1, runs: 1_000, durationMs: 90_000, now });
    for (let seed = 1; seed <= 250; seed++)
      for (const each of [tally, timed]) each.add(passed(seed));
    nowMs = 60_000;

    expect(tally.progress()).toBe(
      "250 of 1,000 worlds, 250 a minute, 0.7 virtual hours, 3:00 to go, seed 251 takes 1:00 so far",
    );
    expect(timed.progress()).toContain(", 0:30 to go");
    tally.add(passed(251));
    expect(tally.progress()).not.toContain("takes");
  });

  test("has no time to go before the first world has ended", () => {
    const tally = createTally({ first: 1, runs: 10, durationMs: undefined, now: () => 0 });

    expect(tally.progress()).toBe("0 of 10 worlds, 0 a minute, 0.0 virtual hours");
  });

  test("the summary counts worlds, not faults, and names what no world had", () => {
    const tally = createTally({ first: 1, runs: 4, durationMs: undefined, now: () => 0 });
    for (let seed = 1; seed <= 4; seed++) {
      tally.add({ ...passed(seed), faults: seed === 1 ? ["Network:loss"] : [] });
    }
    const text = tally.summary().join("\n");

    expect(text).toContain("Network    loss 1 (25%), duplicates 0 (0%)");
  });
});

function faults(drawn: {
  readonly world: WorldOptions;
  readonly strategies?: readonly string[];
  readonly viewChanges?: number;
  readonly evidence?: Readonly<Record<string, number>>;
  readonly restarts?: number;
}): readonly string[] {
  const { world, strategies = [], viewChanges = 0, evidence = {}, restarts = 0 } = drawn;
  return faultsOf({ world, strategies, restarts, report: { viewChanges, evidence } });
}

function passed(seed: number): PassedWorld {
  return { seed, type: "passed", virtualMs: 10_000, steps: 5, progressMs: 7, faults: [] };
}

function violated(seed: number): FuzzedWorld {
  const reason = "two blocks";
  const replay = "npm run sim -- replay '{}'";
  const fault = { code: "VIOLATION", checker: "agreement", reason, atMs: 12, step: 3, replay };
  return { seed, type: "violated", fault: { ...fault, code: "VIOLATION" } };
}

async function* all<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** Runs the command with given results instead of worlds; `interrupt`: Ctrl-C comes after them. */
async function fuzzed(
  flags: Partial<FuzzFlags>,
  worlds: readonly FuzzedWorld[] | WorldSource,
  interrupt = false,
): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const controller = new AbortController();
  const source: WorldSource =
    typeof worlds === "function"
      ? worlds
      : async function* () {
          yield* worlds;
          if (interrupt) controller.abort();
        };
  const surroundings: Surroundings = {
    progress: SILENT,
    listenForStop: () => ({ signal: controller.signal, [Symbol.dispose]: () => undefined }),
  };
  const rest = { seed: 1, nodesMax: 4, faultsMs: 1_000, application: "counter", shrink: 0 };
  const write = (line: string): number => lines.push(line);
  const code = await fuzz({ ...rest, ...flags }, write, surroundings, source);
  return { code, text: lines.join("\n") };
}
