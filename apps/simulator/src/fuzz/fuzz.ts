import { availableParallelism } from "node:os";
import { INTERRUPTED } from "@aethel/terminal";
import {
  drawWorld,
  runWorld,
  STRATEGIES,
  shrinkWorld,
  TestkitError,
  type Violation,
  violationOf,
} from "@aethel/testkit";
import { describeFailure } from "../output/failure.ts";
import { wrap } from "../output/format.ts";
import { ALONE, type Surroundings } from "../output/program-output.ts";
import { PROGRESS } from "./demand.ts";
import { fuzzWorlds, type WorldBase } from "./fuzz-worlds.ts";
import { createTally, type Tally } from "./tally.ts";

/** Flags of `aethel-sim fuzz`. */
export interface FuzzFlags {
  /** Number of worlds. Default: 100, or as many as fit into the minutes. */
  readonly runs?: number;
  /** Real minutes after which no further world begins. Undefined: there is no such limit. */
  readonly minutes?: number;
  readonly seed: number;
  readonly nodesMax: number;
  readonly faultsMs: number;
  readonly application: string;
  /** Number of threads. Default: one for each processor. */
  readonly jobs?: number;
  /**
   * Greatest number of smaller worlds that are run to shrink a world with a violation. 0: it is not
   * shrunk.
   */
  readonly shrink: number;
}

/** Source of the worlds (simulated networks). Tests replace it by one with worlds that fail. */
export type WorldSource = typeof fuzzWorlds;

const RUNS = 100;
const TICK_MS = 500;

/**
 * Runs `aethel-sim fuzz`: simulates random worlds on all processors, until one has a violation or
 * an error. If several do, the one with the lowest seed counts: a violation is shrunk to a smaller
 * world, and the exit code is 1. Exit code 130 after an interruption.
 */
export async function fuzz(
  flags: FuzzFlags,
  write: (line: string) => void,
  surroundings: Surroundings = ALONE,
  source: WorldSource = fuzzWorlds,
): Promise<number> {
  const { minutes, seed: first, nodesMax, application, faultsMs } = flags;
  checkFlags(flags);
  const runs = flags.runs ?? (minutes === undefined ? RUNS : Number.POSITIVE_INFINITY);
  const durationMs = minutes === undefined ? undefined : minutes * 60_000;
  const world: WorldBase = { nodesMax, application, faultsMs };
  const jobs = Math.max(1, flags.jobs ?? availableParallelism());
  const tally = createTally({ first, runs, durationMs });
  const started = performance.now();
  const { progress } = surroundings;
  using stop = surroundings.listenForStop();
  const { signal } = stop;
  const threads = `${jobs} thread${jobs === 1 ? "" : "s"}`;
  write(`Random worlds from seed ${first} on, ${threads}; Ctrl-C says how to go on from there.`);
  const ticking = setInterval(() => progress.show(tally.progress), TICK_MS);
  try {
    const isTimeUp = (): boolean =>
      durationMs !== undefined && performance.now() - started >= durationMs;
    for await (const result of source({ first, runs, jobs, world, isTimeUp, signal })) {
      switch (result.type) {
        case "passed":
          tally.add(result);
          break;
        case "violated":
          await report(result, { flags, world, write, surroundings, signal, tally });
          return 1;
        case "broken":
          progress.hide();
          write(`World of seed ${result.seed} broke: ${result.reason}`);
          write(
            `${describePassed(tally)}Show it again: ${commandOf(flags, { seed: result.seed, runs: 1 })}`,
          );
          return 1;
      }
    }
  } finally {
    clearInterval(ticking);
    progress.hide();
  }
  return conclude({ flags, runs, tally, write, isInterrupted: signal.aborted });
}

function checkFlags({ nodesMax, runs, minutes, jobs, faultsMs }: FuzzFlags): void {
  const problems = [
    ...(nodesMax >= 4 ? [] : ["--nodes-max: at least 4"]),
    ...(runs === 0 ? ["--runs: at least 1"] : []),
    ...(minutes === 0 ? ["--minutes: above 0"] : []),
    ...(jobs === 0 ? ["--jobs: at least 1"] : []),
    ...(faultsMs === 0 ? ["--faults-ms: at least 1"] : []),
  ];
  if (problems.length > 0) throw new TestkitError({ code: "CONFIG", problems });
}

function conclude(ended: {
  readonly flags: FuzzFlags;
  readonly runs: number;
  readonly tally: Tally;
  readonly write: (line: string) => void;
  readonly isInterrupted: boolean;
}): number {
  const { flags, runs, tally, write, isInterrupted } = ended;
  const [head, ...rest] = tally.summary();
  const left = runs - tally.worlds;
  const isCut = isInterrupted && left > 0;
  write(wrap(`${isCut ? "Interrupted; no violation so far." : "No violation."} ${head}`));
  for (const line of rest) write(line);
  if (left === 0) return 0;
  const seed = flags.seed + tally.worlds;
  const { minutes } = flags;
  const bound = {
    ...(Number.isFinite(left) ? { runs: left } : {}),
    ...(minutes === undefined ? {} : { minutes }),
  };
  write(`To go on: ${commandOf(flags, { seed, ...bound })}`);
  return isCut ? INTERRUPTED : 0;
}

/** Returns the command line that draws the same worlds from a seed on. */
function commandOf(
  flags: FuzzFlags,
  part: { readonly seed: number; readonly runs?: number; readonly minutes?: number },
): string {
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ["--seed", part.seed],
    ["--runs", part.runs],
    ["--minutes", part.minutes],
    ["--nodes-max", flags.nodesMax],
    ["--faults-ms", flags.faultsMs],
    ["--application", flags.application],
    ["--jobs", flags.jobs],
  ];
  const given = values.flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  return `npm run sim -- fuzz ${given.join(" ")}`;
}

interface ReportContext {
  readonly flags: FuzzFlags;
  readonly world: WorldBase;
  readonly write: (line: string) => void;
  readonly surroundings: Surroundings;
  readonly signal: AbortSignal;
  readonly tally: Tally;
}

async function report(
  { seed, fault }: { readonly seed: number; readonly fault: Violation },
  context: ReportContext,
): Promise<void> {
  const { flags, world, write, surroundings, signal, tally } = context;
  surroundings.progress.hide();
  write(`World of seed ${seed}: ${describeFailure(new TestkitError(fault)).message}`);
  write(
    `${describePassed(tally)}The same world as it was drawn: ${commandOf(flags, { seed, runs: 1 })}`,
  );
  if (flags.shrink === 0) return;
  let begun = 0;
  const { violation, tried } = await shrinkWorld(
    { world: drawWorld({ ...world, seed }), violation: fault },
    {
      run: async (candidate) => {
        begun += 1;
        surroundings.progress.show(
          () => `making it smaller: world ${begun} of at most ${flags.shrink}`,
        );
        return signal.aborted ? undefined : await violationOf(runWorld(candidate, PROGRESS));
      },
      tries: flags.shrink,
      strategies: STRATEGIES.map(({ name }) => name),
    },
  );
  surroundings.progress.hide();
  const text = describeFailure(new TestkitError(violation)).message;
  write(`The smallest of ${tried} worlds tried that breaks the same: ${text}`);
}

function describePassed(tally: Tally): string {
  return tally.worlds === 0 ? "" : `Before it, without a violation: ${tally.summary()[0]}.\n`;
}
