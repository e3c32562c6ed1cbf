import { mkdtemp, readdir, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import type { Case } from "./cases/case.ts";
import { enter } from "./enter.ts";
import type { LabOptions } from "./lab/lab.ts";
import { type CaseResult, isWithin, resultTable, wireTable } from "./report/table.ts";

/** Longest that one case may take. A case that is not done then is ended, and has failed. */
const CASE_MS = 8 * 60_000;
const WIRES_MS = 4 * 60_000;
const FOLDER = "aethel-netlab-";

type Output = "json" | "table";

/** Measures the lab itself and prints the measurements. Returns the exit code. */
export async function runWires(options: {
  readonly seed: number;
  readonly output: Output;
  readonly signal: AbortSignal;
}): Promise<number> {
  const { seed, output, signal } = options;
  const task = { type: "wires", seed } as const;
  const message = await enter({ task, withinMs: WIRES_MS, signal, say });
  if (message.type !== "wires") {
    say(message.type === "failed" ? message.reason : "the run sent another result");
    return 1;
  }
  print(output === "json" ? JSON.stringify(message) : wireTable(message.checks));
  return message.checks.every(isWithin) ? 0 : 1;
}

/** Runs cases one after the other and prints their figures. Returns the exit code. */
export async function runCases(options: {
  readonly cases: readonly Case[];
  readonly size: Omit<LabOptions, "say" | "directory">;
  readonly output: Output;
  readonly files: "keep" | "remove";
  readonly signal: AbortSignal;
}): Promise<number> {
  const { cases, output, signal } = options;
  await removeLeftovers();
  const results: CaseResult[] = [];
  for (const each of cases) {
    if (signal.aborted) break;
    const result = await runCase(each, options);
    results.push(result);
    if (output === "json") print(JSON.stringify(result));
  }
  if (output === "table") {
    const load = loadavg()[0]?.toFixed(1) ?? "?";
    print(`${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, load ${load}\n`);
    print(resultTable(results));
  }
  return results.every(isGood) ? 0 : 1;
}

async function runCase(
  { name, title }: Case,
  options: Parameters<typeof runCases>[0],
): Promise<CaseResult> {
  const { size, files, signal } = options;
  const owner = files === "keep" ? "kept" : process.pid;
  const directory = await mkdtemp(path.join(tmpdir(), `${FOLDER}${owner}-`));
  say(`${name}, ${size.validators} validators: ${title}`);
  try {
    const task = { type: "case", name, directory, ...size } as const;
    const message = await enter({ task, withinMs: CASE_MS, signal, say });
    const { validators, observers } = size;
    const shared = { name, title, validators, observers };
    if (message.type === "case") {
      const { figures, relayLateMsMax } = message;
      return { ...shared, outcome: { type: "done", figures, relayLateMsMax } };
    }
    const reason = message.type === "failed" ? message.reason : "the run sent another result";
    say(`failed: ${reason}`);
    return { ...shared, outcome: { type: "failed", reason } };
  } finally {
    if (files === "keep") say(`data directories are in ${directory}`);
    else await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isGood({ outcome }: CaseResult): boolean {
  return outcome.type === "done" && outcome.figures.faults.length === 0;
}

/** Removes folders of earlier runs whose process was killed. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${FOLDER}(\\d+)-`).exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(path.join(tmpdir(), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function say(line: string): void {
  process.stderr.write(`netlab: ${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
