import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SILENT } from "../src/output/progress.ts";
import { parseAxis } from "../src/sweep/axes.ts";
import { figuresOf } from "../src/sweep/figures.ts";
import { type SweepFlags, type SweepSource, sweep } from "../src/sweep/sweep.ts";
import { sweepCharts } from "../src/sweep/sweep-charts.ts";
import type { SweptWorld } from "../src/sweep/sweep-worlds.ts";
import { complaintAbout, simulate } from "./simulate.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aethel-sweep-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("aethel-sim sweep", () => {
  interface Swept {
    readonly code: number | undefined;
    readonly text: string;
    readonly csv: string;
  }
  let one: Swept;
  let two: Swept;
  let charts: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const place = mkdtempSync(path.join(tmpdir(), "aethel-swept-"));
    const run = async (jobs: number, more = ""): Promise<Swept> => {
      const file = path.join(place, `${jobs}.csv`);
      const vary = "--vary latency=10,200 --vary nodes=4,7 --seeds 2 --seconds 4 --work 300";
      const { code, text } = await simulate(`sweep ${vary} --jobs ${jobs} --csv ${file}${more}`);
      return { code, text, csv: readFileSync(file, "utf8") };
    };
    one = await run(1);
    two = await run(2, ` --svg ${path.join(place, "charts")}`);
    charts = new Map(
      readdirSync(path.join(place, "charts")).map((name) => [
        name,
        readFileSync(path.join(place, "charts", name), "utf8"),
      ]),
    );
    rmSync(place, { recursive: true });
  });

  test("prints and writes the same with one thread and with two", () => {
    expect(one.code).toBe(0);
    expect(two).toEqual(one);
    expect(one.text.match(/^│ +(?:10|200) │ +[47] │/gm)).toHaveLength(4);
    for (const line of one.text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("writes a line for each world, in the order of points and seeds", () => {
    const rows = one.csv.trimEnd().split("\n");

    expect(rows[0]).toMatch(/^latency,nodes,seed,blocks,/);
    expect(rows.slice(1).map((row) => row.split(",").slice(0, 3).join(" "))).toEqual([
      "10 4 1",
      "10 4 2",
      "10 7 1",
      "10 7 2",
      "200 4 1",
      "200 4 2",
      "200 7 1",
      "200 7 2",
    ]);
    expect(new Set(rows.map((row) => row.split(",").length))).toEqual(new Set([17]));
  });

  test("shows that finality follows the latency, and messages the number of nodes", () => {
    const [head = [], ...rows] = one.csv.split("\n").map((row) => row.split(","));
    const figure = (row: number, name: string): number => Number(rows[row]?.[head.indexOf(name)]);
    const perBlock = (row: number): number =>
      figure(row, "messages_sent") / figure(row, "highest_block");

    expect(figure(4, "finality_p50_ms")).toBeGreaterThan(figure(0, "finality_p50_ms") + 300);
    // Votes of all to all, twice: 2 n (n - 1), and the proposal.
    expect(perBlock(0)).toBeGreaterThanOrEqual(2 * 4 * 3);
    expect(perBlock(2)).toBeGreaterThanOrEqual(2 * 7 * 6);
    expect(perBlock(2)).toBeLessThan(2 * 2 * 7 * 6);
  });

  test("draws a chart of each figure, with a line for each value of the second option", () => {
    const names = ["blocks", "finality-p50", "finality-p99", "messages", "proofs", "view-changes"];

    expect([...charts.keys()].toSorted()).toEqual(names.map((name) => `${name}.svg`));
    for (const chart of charts.values()) expect(chart).toMatch(/^<svg [^]*nodes 4[^]*nodes 7/);
  });

  test.each([
    ["", "add --vary nodes=4,7,10"],
    ["--vary nodes", "an option and its values are needed"],
    ["--vary nodes=", "an option and its values are needed"],
    ["--vary colour=1", 'there is no "colour"; there are nodes, byzantine'],
    ["--vary nodes=4,0", "a whole number above 0 is needed"],
    ["--vary nodes=4,,5", "a whole number"],
    ["--vary loss=2", "a number from 0 to 1 is needed"],
    ["--vary strategies=lying", 'there is no "lying"'],
    ["--vary nodes=4,4", "4 is there twice"],
    ["--vary nodes=4 --vary nodes=5", "nodes is varied already"],
    ["--vary nodes=4 --vary work=1 --vary loss=0", "at most 2 options"],
    ["--vary nodes=4,7 --nodes 10", "--nodes is varied"],
    ["--vary nodes=4,2 --byzantine 3", "--byzantine: at most 2"],
    ["--vary nodes=4 --seeds 0", "a whole number above 0 is needed"],
    ["--vary nodes=4 --csv /nowhere/at/all.csv", "--csv: ENOENT"],
    ["--vary nodes=4 --svg /dev/null", "--svg: EEXIST"],
  ])("refuses `%s` in one line, before any world runs", async (flags, complaint) => {
    const told = await complaintAbout(`sweep ${flags}`.trimEnd());

    expect(told).toContain(complaint);
    expect(told).toMatch(/^aethel-sim: .* Next: .*\n$/);
  });
});

test("a sweep that is no world leaves a file as it is", async () => {
  const csv = path.join(folder, "kept.csv");

  await complaintAbout(`sweep --vary nodes=4,2 --byzantine 3 --csv ${csv}`);
  expect(existsSync(csv)).toBe(false);
});

describe("the charts of a sweep", () => {
  test("have the first option from left to right, and a gap where nothing was measured", () => {
    const axes = parseAxis("latency=5,10,20", parseAxis("nodes=4,7"));
    const figures = [4, 7].flatMap((nodes) =>
      [5, 10, 20].map((latency) =>
        figuresOf([held({ p50: 100 * nodes + latency, blocks: latency === 20 ? 0 : 9 })]),
      ),
    );

    expect(sweepCharts(axes, figures).get("finality-p50")).toMatchObject({
      axis: "nodes",
      steps: ["4", "7"],
      lines: [
        { name: "latency 5", values: [405, 705] },
        { name: "latency 10", values: [410, 710] },
        { name: "latency 20", values: [Number.NaN, Number.NaN] },
      ],
    });
  });
});

describe("a sweep that does not come to its end", () => {
  test("prints what it has when it is interrupted, and exits with 130", async () => {
    const csv = path.join(folder, "part.csv");
    const worlds = [held({ point: 0, seed: 1 }), held({ point: 0, seed: 2 }), held({ point: 1 })];
    const { code, text } = await swept({ csv }, worlds);

    expect(code).toBe(130);
    expect(text).toContain("Interrupted after 3 of 4 worlds.");
    expect(text).toMatch(/nodes │ worlds │/);
    expect(text).toMatch(/4 │ +2 │/);
    expect(text).toMatch(/7 │ +1 │/);
    expect(readFileSync(csv, "utf8").trimEnd().split("\n")).toHaveLength(1 + 3);
  });

  test("ends with a violation where less than a third is Byzantine", async () => {
    const svg = path.join(folder, "charts");
    const worlds = [held({ point: 0 }), violated({ isPromised: true }), held({ point: 1 })];
    const { code, text } = await swept({ svg }, worlds);

    expect(code).toBe(1);
    expect(text).toContain("World of seed 2, 4: VIOLATION of agreement at 12 ms");
    expect(text).toContain("Show it again: npm run sim -- replay '{}'");
    expect(text).not.toMatch(/^│ +7 │/m);
    expect(existsSync(path.join(svg, "blocks.svg"))).toBe(false);
  });

  test("counts violations where a third or more is, and goes on", async () => {
    const isPromised = false;
    const worlds = [
      violated({ isPromised, seed: 1 }),
      violated({ isPromised, seed: 2 }),
      held({ point: 1, seed: 1 }),
      violated({ isPromised, point: 1, seed: 2 }),
    ];
    const { code, text } = await swept({}, worlds);

    expect(code).toBe(0);
    expect(text).toMatch(/^│ +4 │ +- │ +- │/m);
    expect(text).toMatch(/^│ +7 │ +50 │ +60 │/m);
    expect(text).toContain("nodes 4: agreement violated in 2 of 2 worlds");
    expect(text).toContain("nodes 7: agreement violated in 1 of 2 worlds");
  });

  test("a world that breaks down ends it, whoever is Byzantine", async () => {
    const world = { type: "broken", reason: "no memory", ...WHERE, isPromised: false } as const;
    const { code, text } = await swept({}, [world]);

    expect(code).toBe(1);
    expect(text).toContain("World of seed 1, 4 broke: no memory");
  });
});

describe("a sweep as JSON", () => {
  test("is the points with their values and figures, and nothing else", async () => {
    const { text } = await swept({ json: true }, [held({}), held({ point: 1 })]);

    expect(JSON.parse(text)).toMatchObject([
      { nodes: "4", worlds: 1, finalityP50Ms: 50, messagesPerBlock: 27 },
      { nodes: "7", worlds: 1 },
    ]);
  });
});

describe("the figures of a point", () => {
  test("are medians over its worlds, and the worst p99", () => {
    const worlds = [
      held({ p50: 10, p99: 20, sent: 100, blocks: 10, views: 3 }),
      held({ p50: 30, p99: 90, sent: 300, blocks: 10, views: 6 }),
      held({ p50: 40, p99: 80, sent: 800, blocks: 10, views: 30 }),
      held({ p50: 0, p99: 0, sent: 50, blocks: 0, views: 300 }),
    ];

    expect(figuresOf(worlds)).toEqual({
      worlds: 4,
      finalityP50Ms: 30,
      finalityP99Ms: 90,
      viewChanges: 6,
      blocks: 10,
      proofs: 2,
      messagesPerBlock: 30,
      violated: {},
    });
  });
});

const WHERE = { point: 0, seed: 1, isPromised: true };

function held(options: {
  readonly point?: number;
  readonly seed?: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly sent?: number;
  readonly blocks?: number;
  /** Sum over the three honest nodes. */
  readonly views?: number;
}): SweptWorld {
  const { p50 = 50, p99 = 60, sent = 270, blocks = 10, views = 0, ...where } = options;
  return {
    ...WHERE,
    ...where,
    type: "held",
    honest: 3,
    report: {
      virtualMs: 1_000,
      steps: 10,
      highestSequence: blocks,
      lowestSequence: blocks,
      proofs: 2,
      viewChanges: views,
      finalityMs: { p50, p99, samples: blocks },
      messages: { sent, delivered: sent, lost: 0, requests: 1, discarded: 0 },
      evidence: {},
      logDigest: "00",
    },
  };
}

function violated(options: Partial<SweptWorld>): SweptWorld {
  const replay = "npm run sim -- replay '{}'";
  const where = { atMs: 12, step: 3 };
  return {
    ...WHERE,
    seed: 2,
    ...options,
    type: "violated",
    fault: { code: "VIOLATION", checker: "agreement", reason: "two blocks", ...where, replay },
  };
}

const CALM = { loss: 0, duplicate: 0, reorder: 0, drift: 0, bandwidth: 0 };
const DELAYS = { latency: 20, jitter: 10, work: 500, judging: 5, sync: 1 };
const WORLD = { nodes: 4, byzantine: 0, application: "counter", ...CALM, ...DELAYS };

/** Runs a sweep of 4 and 7 nodes, two worlds each, with given results instead of worlds. */
async function swept(
  flags: Partial<SweepFlags>,
  worlds: readonly SweptWorld[],
): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const source: SweepSource = async function* () {
    yield* worlds;
  };
  const { signal } = new AbortController();
  const listenForStop = () => ({ signal, [Symbol.dispose]: () => undefined });
  const code = await sweep(
    {
      vary: parseAxis("nodes=4,7"),
      seeds: 2,
      seed: 1,
      seconds: 1,
      ...WORLD,
      ...flags,
    },
    (line) => lines.push(line),
    { progress: SILENT, listenForStop },
    source,
  );
  return { code, text: lines.join("\n") };
}
