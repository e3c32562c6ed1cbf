/**
 * Program of `npm run netlab`: runs cases one after the other, each in namespaces of its own, and
 * prints a table. Exit code 0 if all went well, also if the lab cannot run here; 1 if a case failed
 * or found a fault, 2 for wrong usage, 130 if it was interrupted.
 */
import { parseArgs } from "node:util";
import { CASES, findCase } from "./cases/all-cases.ts";
import type { Pace } from "./chain/node-app.ts";
import { findObstacle } from "./probe.ts";
import { runCases, runWires } from "./run.ts";

const HELP = `npm run netlab -- [CASE...] [options]

Runs a network of real nodes on hosts of their own. Without a case: all of them.
\`wires\` measures the lab itself, \`brief\` is a short case for CI.

  --validators N   validators, 4 to 31 (default 4)
  --observers N    observers, 0 to 20 (default 3)
  --rate N         proofs a second, 1 to 200 (default 20)
  --pace PACE      timing of the chain: network (default) or local
  --seed N         seed of the jitter (default 1)
  --together       all cases on one network, which is started once
  --json           one JSON object for each result
  --keep           keep data directories and logs, and say where
  --list           list the cases
`;

function natural(text: string, from: number, to: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new RangeError(`${text} is no whole number from ${from} to ${to}`);
}

function paceOf(text: string): Pace {
  if (text === "network" || text === "local") return text;
  throw new RangeError(`${text} is no pace: network or local`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      validators: { type: "string", default: "4" },
      observers: { type: "string", default: "3" },
      rate: { type: "string", default: "20" },
      pace: { type: "string", default: "network" },
      seed: { type: "string", default: "1" },
      together: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return print(HELP);
  if (values.list)
    return print(`${CASES.map(({ name, title }) => `${name}: ${title}`).join("\n")}\n`);
  const unknown = positionals.find((name) => name !== "wires" && findCase(name) === undefined);
  if (unknown !== undefined) throw new RangeError(`there is no case ${unknown}: see --list`);
  const output = values.json ? "json" : "table";
  const seed = natural(values.seed, 0, 2 ** 32 - 1);
  const size = {
    validators: natural(values.validators, 4, 31),
    observers: natural(values.observers, 0, 20),
    proofsPerSecond: natural(values.rate, 1, 200),
    pace: paceOf(values.pace),
    seed,
  };
  const obstacle = findObstacle();
  if (obstacle !== undefined) return print(`netlab: skipped: ${obstacle}\n`);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort());
  }
  const shared = { output, signal: interrupted.signal } as const;
  const names = positionals.filter((name) => name !== "wires");
  let code = 0;
  if (positionals.includes("wires") || positionals.length === 0) {
    code = await runWires({ ...shared, seed });
  }
  if (names.length > 0 || positionals.length === 0) {
    const keep = values.keep ? "keep" : "remove";
    const networks = values.together ? "one" : "one-each";
    const cases = names.length === 0 ? CASES : names.flatMap((name) => findCase(name) ?? []);
    code = Math.max(code, await runCases({ ...shared, cases, size, files: keep, networks }));
  }
  return interrupted.signal.aborted ? 130 : code;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`netlab: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
