import { mkdtemp, readdir, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import type { Case } from "./cases/case.ts";
import { enter } from "./enter.ts";
import type { LabOptions } from "./lab/lab.ts";
import type { WireCheck } from "./meter/check-wires.ts";
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
  let checks: readonly WireCheck[] = [];
  const failure = await enter({
    task,
    withinMs: WIRES_MS,
    signal,
    onMessage(message) {
      if (message.type === "wires") checks = message.checks;
    },
  });
  print(output === "json" ? JSON.stringify({ checks }) : wireTable(checks));
  if (failure !== undefined) say(`failed: ${failure}`);
  return failure === undefined && checks.every(isWithin) ? 0 : 1;
}

/**
 * Runs cases one after the other, each on a network of its own or all on one, and prints their
 * figures. Returns the exit code.
 */
export async function runCases(options: {
  readonly cases: readonly Case[];
  readonly size: Omit<LabOptions, "say" | "directory">;
  readonly output: Output;
  readonly files: "keep" | "remove";
  readonly networks: "one-each" | "one";
  readonly signal: AbortSignal;
}): Promise<number> {
  const { cases, networks, output, signal } = options;
  await removeLeftovers();
  const results: CaseResult[] = [];
  const onResult = (result: CaseResult): void => {
    results.push(result);
    if (output === "json") print(JSON.stringify(result));
  };
  for (const group of networks === "one" ? [cases] : cases.map((each) => [each])) {
    if (!signal.aborted) await runGroup(group, { ...options, onResult });
  }
  if (output === "table") {
    const load = loadavg()[0]?.toFixed(1) ?? "?";
    print(`${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, load ${load}\n`);
    print(resultTable(results));
  }
  return results.every(isGood) ? 0 : 1;
}

async function runGroup(
  cases: readonly Case[],
  options: Parameters<typeof runCases>[0] & { readonly onResult: (result: CaseResult) => void },
): Promise<void> {
  const { size, files, signal, onResult } = options;
  const owner = files === "keep" ? "kept" : process.pid;
  const directory = await mkdtemp(path.join(tmpdir(), `${FOLDER}${owner}-`));
  const { validators, observers } = size;
  const waiting = [...cases];
  const withOutcome = (outcome: CaseResult["outcome"]): void => {
    const done = waiting.shift();
    if (done === undefined) return;
    onResult({ name: done.name, title: done.title, validators, observers, outcome });
  };
  try {
    const names = cases.map(({ name }) => name);
    const reason = await enter({
      task: { type: "cases", names, directory, ...size },
      withinMs: CASE_MS * cases.length,
      signal,
      onMessage(message) {
        if (message.type === "says") say(message.line);
        if (message.type !== "case") return;
        const { figures, relayLateMsMax } = message;
        withOutcome({ type: "done", figures, relayLateMsMax });
      },
    });
    if (reason === undefined) return;
    say(`failed: ${reason}`);
    while (waiting.length > 0) withOutcome({ type: "failed", reason });
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
