/**
 * The engine without and with signatures, whole replicas in one process, memory, view changes.
 * `npm run bench -- pbft`; under three minutes. No other BFT engine for Node was found to compare
 * with (docs/performance.md).
 */
import { fork } from "node:child_process";
import { demandWork, median, printFigure, printPlace, sized } from "@aethel/bench";
import { floodShare } from "./flood.ts";
import { play, playVerified, type Recording, record } from "./recording.ts";
import { runRounds } from "./rounds.ts";
import { viewChangeTimes } from "./view-changes.ts";

const ROUNDS = sized(7, 1);
const SIZES = sized([4, 16, 64], [4]);

printPlace("Consensus");
for (const n of SIZES) await benchSteps(n);
for (const n of SIZES) await benchVerified(n);
for (const n of SIZES) await benchRounds(n);
await benchMemory(sized(1_000, 20));
for (const n of sized([4, 100], [4])) await benchFlood(n);
for (const n of SIZES) {
  for (const latencyMs of sized([10, 50, 200], [10])) benchViewChanges(n, latencyMs);
}

/** Processor time, not the clock's: other work on the machine must not count. */
async function perCpuSecond(count: number, run: () => unknown): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    // The first one warms up.
    if (round > 0) rates.push((count * 1_000_000) / (user + system));
  }
  return median(rates);
}

function repeat(recording: Recording, steps: number, run: (of: Recording) => number): () => number {
  const times = Math.ceil(steps / recording.inputs.length);
  return () => {
    let effects = 0;
    for (let turn = 0; turn < times; turn++) effects += run(recording);
    demandWork("effects of a recording", effects);
    return effects;
  };
}

async function benchSteps(n: number): Promise<void> {
  const recording = record({ n, blocks: 20, scheme: "trusted" });
  const steps = sized(500_000, 1_000);
  const times = Math.ceil(steps / recording.inputs.length);
  const run = repeat(recording, steps, play);
  const rate = await perCpuSecond(times * recording.inputs.length, run);
  const name = `engine: steps per second, n = ${n}, without signatures`;
  printFigure({ name, value: thousands(rate), target: ">= 500,000" });
  const blocks = (rate * recording.blocks) / recording.inputs.length;
  printFigure({ name: "engine: the same in blocks per second", value: thousands(blocks) });
}

async function benchVerified(n: number): Promise<void> {
  const recording = record({ n, blocks: 8, scheme: "ed25519" });
  const steps = sized(4_000, 100);
  const times = Math.ceil(steps / recording.inputs.length);
  const run = repeat(recording, steps, playVerified);
  const rate = await perCpuSecond(times * recording.inputs.length, run);
  const name = `engine: steps per second, n = ${n}, with Ed25519`;
  printFigure({ name, value: thousands(rate) });
}

async function benchRounds(n: number): Promise<void> {
  const blocks = sized({ 4: 200, 16: 20 }[n] ?? 2, 3);
  const rate = await perCpuSecond(blocks, () => runRounds({ n, blocks }));
  const name = `replicas: blocks per second, n = ${n}, all on one thread, Ed25519`;
  printFigure({ name, value: rate.toFixed(1) });
  printFigure({
    name: `replicas: the same, times n (one core each)`,
    value: (rate * n).toFixed(0),
  });
}

async function benchMemory(n: number): Promise<void> {
  const child = fork(new URL("memory-child.ts", import.meta.url), [String(n)], {
    execArgv: [...process.execArgv, "--expose-gc"],
  });
  const [report, code] = await new Promise<[{ bytes: number; held: number } | undefined, number]>(
    (resolve) => {
      let answer: { bytes: number; held: number } | undefined;
      child.on("message", (message) => {
        answer = message as { bytes: number; held: number };
      });
      child.on("exit", (status) => resolve([answer, status ?? 1]));
    },
  );
  if (report === undefined || report.held !== 10) throw new Error(`no figure, exit code ${code}`);
  const name = `memory: one engine that holds both votes of all, n = ${n}`;
  printFigure({ name, value: `${(report.bytes / 1_048_576).toFixed(2)} MiB` });
}

/** At most 16 + 4 a block + n/4 verifications a second, and the rest is dropped at the door. */
async function benchFlood(n: number): Promise<void> {
  const share = 100 * (await floodShare(n));
  const name = `flood: of one core, by one validator that sends 2,000 votes a second, n = ${n}`;
  printFigure({ name, value: `${share.toFixed(1)} %` });
}

function benchViewChanges(n: number, latencyMs: number): void {
  const seeds = sized({ 4: 200, 16: 100 }[n] ?? 50, 3);
  const times = viewChangeTimes({ n, latencyMs, seeds }).toSorted((left, right) => left - right);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  const name = `view change: virtual ms, p50 and p99, n = ${n}, latency ${latencyMs} ms`;
  printFigure({ name, value: `${at(0.5)}, ${at(0.99)}` });
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString("en");
}
