import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { WRONG_ENGINES } from "./wrong-engines/catalogue.ts";
import type { Catch, Hunt } from "./wrong-engines/hunt.ts";
import { locateEdits } from "./wrong-engines/patch.ts";

// Without it each engine meets the world that is known to find it, and others only if that one no
// longer does; with it, the known world is left out and the whole budget is drawn.
const FULL = process.env["AETHEL_HUNT"] === "full";
/** Time limit: a rare defect needs hundreds of worlds. */
const PATIENCE_MS = FULL ? 7_200_000 : 900_000;
/** Random worlds within which a wrong engine must be found. */
const BUDGET = 500;

/** States within which exploration must find one. */
const STATES = 12_000;

const worldly = WRONG_ENGINES.filter(({ seed }) => seed !== undefined);
const names = worldly.map(({ name }) => name);

describe("patches", () => {
  test.each(WRONG_ENGINES)("$name fits the engine as it is now", ({ edits }) => {
    expect(locateEdits(edits).flatMap((file) => file.edits)).toHaveLength(edits.length);
  });

  test("an edit that fits nowhere, or twice, is refused, and names its text", () => {
    const edit = { find: "there is no such line", replace: "" };

    expect(() => locateEdits([edit])).toThrow('"there is no such line" occurs 0 times');
    expect(() => locateEdits([{ find: "export function", replace: "" }])).toThrow("not once");
  });
});

describe("check the checkers: a wrong engine is found in random worlds", () => {
  let caught: ReadonlyMap<string, Catch>;
  let passed: ReadonlyMap<string, Catch>;

  beforeAll(async () => {
    caught = await hunt({ engines: names, budget: BUDGET, control: false });
    passed = await hunt({ engines: names, budget: 0, control: true });
    process.stdout.write(`${describeCatches(caught)}\n`);
  }, PATIENCE_MS);

  test.each(worldly)("$name: $breaks", ({ name, by }) => {
    expect(by).toContain(caught.get(name)?.checker);
  });

  test.each(names)("the engine as it is passes the world of %s", (name) => {
    expect(passed.get(name)?.reason).toBe("survived");
  });
});

describe("B3, the floor of the throughput: a wrong engine slows every node", () => {
  const costly = WRONG_ENGINES.filter(({ costs }) => costs !== undefined);
  let caught: ReadonlyMap<string, Catch>;
  let passed: ReadonlyMap<string, Catch>;

  beforeAll(async () => {
    const order = { engines: costly.map(({ name }) => name), budget: 0, floor: true } as const;
    caught = await hunt({ ...order, control: false });
    passed = await hunt({ ...order, control: true });
    process.stdout.write(`${describeCatches(caught)}\n`);
  }, 300_000);

  test.each(costly)("$name: $breaks", ({ name }) => {
    expect(caught.get(name)?.checker).toBe("throughput");
  });

  test.each(costly)("the engine as it is keeps the floor where $name does not", ({ name }) => {
    expect(passed.get(name)?.reason).toBe("survived");
  });
});

describe("B2, check the exploration: a wrong engine is found in small scope", () => {
  const explored = WRONG_ENGINES.filter((engine) => engine.explored !== undefined);
  let caught: ReadonlyMap<string, Catch>;

  beforeAll(async () => {
    const engines = explored.map(({ name }) => name);
    caught = await hunt({ engines, budget: 0, control: false, states: STATES });
    process.stdout.write(`${describeCatches(caught)}\n`);
  }, 300_000);

  test.each(explored)("$name: $breaks", ({ name }) => {
    expect(["agreement", "conformance", "replica"]).toContain(caught.get(name)?.checker);
  });
});

describe("check the recovery: a wrong engine stands still from a state of small scope", () => {
  const stuck = WRONG_ENGINES.filter((engine) => engine.recovers !== undefined);
  let caught: ReadonlyMap<string, Catch>;

  beforeAll(async () => {
    const engines = stuck.map(({ name }) => name);
    const order = { engines, budget: 0, control: false, states: STATES, recoverEvery: 3 };
    caught = await hunt(order);
    process.stdout.write(`${describeCatches(caught)}\n`);
  }, 300_000);

  test.each(stuck)("$name: $breaks", ({ name }) => {
    expect(caught.get(name)?.checker).toBe("progress");
  });
});

/** There are two processes, for at least two cores. */
async function hunt(whole: Hunt): Promise<ReadonlyMap<string, Catch>> {
  const parts = [0, 1].map((part) => whole.engines.filter((_, at) => at % 2 === part));
  const outputs = await Promise.all(parts.map((engines) => runHunt({ ...whole, engines })));
  return new Map(outputs.flat().map((each) => [each.name, each]));
}

function runHunt(order: Hunt): Promise<readonly Catch[]> {
  const script = fileURLToPath(new URL("wrong-engines/hunt.ts", import.meta.url));
  const full = FULL ? { ...order, full: true } : order;
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--conditions=@aethel/source", script, JSON.stringify(full)],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`the hunt ended with ${code}: ${output}`));
      const lines = output.split("\n").filter((line) => line.startsWith("{"));
      resolve(lines.map((line): Catch => JSON.parse(line)));
    });
  });
}

function describeCatches(catches: ReadonlyMap<string, Catch>): string {
  const rows = [...catches.values()].map(
    ({ name, checker, worlds, seed, milliseconds }) =>
      `${name.padEnd(30)} ${(checker ?? "SURVIVED").padEnd(16)} worlds ${worlds}, seed ${seed}, ${milliseconds} ms`,
  );
  return ["wrong engine                   found by", ...rows].join("\n");
}
