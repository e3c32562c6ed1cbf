import { availableParallelism } from "node:os";
import { group, INTERRUPTED } from "@aethel/terminal";
import { TestkitError } from "@aethel/testkit";
import { describeFailure } from "../output/failure.ts";
import { clockTime } from "../output/format.ts";
import { ALONE, type Surroundings } from "../output/program-output.ts";
import { runTasks, workerBeside } from "../threads/run-tasks.ts";
import type { FuzzFlags } from "./fuzz.ts";
import type { TinyWorld } from "./tiny-worker.ts";

/** Flags of `aethel-sim fuzz --tiny-bounds`, without the flags of networks. */
export type TinyFlags = Pick<FuzzFlags, "runs" | "minutes" | "seed" | "jobs" | "application">;

const RUNS = 100;
const TICK_MS = 500;

/**
 * Runs `aethel-sim fuzz --tiny-bounds`: simulates random ledgers without a network, whose bounds
 * are 2 to 8 instead of thousands. Exit code 1 if one has a violation or an error; the one with the
 * lowest seed is shown.
 */
export async function fuzzTinyBounds(
  flags: TinyFlags,
  write: (line: string) => void,
  surroundings: Surroundings = ALONE,
): Promise<number> {
  checkFlags(flags);
  const { seed: first, minutes } = flags;
  const runs = flags.runs ?? (minutes === undefined ? RUNS : Number.POSITIVE_INFINITY);
  const jobs = Math.max(1, flags.jobs ?? availableParallelism());
  const started = performance.now();
  const elapsedMs = (): number => performance.now() - started;
  const isTimeUp = (): boolean => minutes !== undefined && elapsedMs() >= minutes * 60_000;
  const { progress } = surroundings;
  using stop = surroundings.listenForStop();
  const counts = new Map<string, number>();
  const total = { worlds: 0, blocks: 0, quietBlocks: 0 };
  const line = (): string =>
    `${group(total.worlds)} ledgers, ${group(total.blocks)} blocks, ${clockTime(elapsedMs())}`;
  write(`Random ledgers of tiny bounds from seed ${first} on.`);
  const ticking = setInterval(() => progress.show(line), TICK_MS);
  try {
    const results = runTasks<number, TinyWorld>({
      runner: workerBeside(import.meta.url, "tiny-worker"),
      tasks: seedsOf({ first, runs, isTimeUp }),
      threads: Math.min(jobs, runs),
      isLast: ({ type }) => type !== "passed",
      signal: stop.signal,
    });
    for await (const result of results) {
      if (result.type !== "passed") {
        progress.hide();
        write(`Ledger of seed ${result.seed}: ${describeFailed(result)}`);
        write(`Before it, without a violation: ${line()}.`);
        return 1;
      }
      total.worlds += 1;
      total.blocks += result.blocks;
      total.quietBlocks = Math.max(total.quietBlocks, result.quietBlocks);
      for (const what of result.reached) counts.set(what, (counts.get(what) ?? 0) + 1);
    }
  } finally {
    clearInterval(ticking);
    progress.hide();
  }
  const isCut = stop.signal.aborted && total.worlds < runs;
  write(`${isCut ? "Interrupted; no violation so far" : "No violation"}: ${line()}.`);
  write(`Longest wait of an account at the end: ${total.quietBlocks} epochs. Ledgers with`);
  for (const [what, count] of [...counts].toSorted(byName)) write(`  ${group(count)}: ${what}`);
  return isCut ? INTERRUPTED : 0;
}

function checkFlags({ runs, minutes, jobs, application }: TinyFlags): void {
  const problems = [
    ...(application === "ledger" ? [] : ["--tiny-bounds: needs --application ledger"]),
    ...(runs === 0 ? ["--runs: at least 1"] : []),
    ...(minutes === 0 ? ["--minutes: above 0"] : []),
    ...(jobs === 0 ? ["--jobs: at least 1"] : []),
  ];
  if (problems.length > 0) throw new TestkitError({ code: "CONFIG", problems });
}

function* seedsOf(bounds: {
  readonly first: number;
  readonly runs: number;
  readonly isTimeUp: () => boolean;
}): Generator<number> {
  const { first, runs, isTimeUp } = bounds;
  for (let seed = first; seed < first + runs && !isTimeUp(); seed += 1) yield seed;
}

function describeFailed(failed: Exclude<TinyWorld, { readonly type: "passed" }>): string {
  if (failed.type === "broken") return failed.reason;
  return describeFailure(new TestkitError(failed.fault)).message;
}

function byName([left]: readonly [string, number], [right]: readonly [string, number]): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
