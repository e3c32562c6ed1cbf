import { availableParallelism } from "node:os";
import {
  drawWorld,
  type RandomWorldOptions,
  runWorld,
  STRATEGIES,
  shrinkWorld,
  TestkitError,
  type Violation,
  violationOf,
} from "@aethel/testkit";
import { describeFailure } from "../failure.ts";
import { fuzzWorlds } from "../fuzz-pool.ts";

/** Flags of `aethel-sim fuzz`. */
export interface FuzzFlags {
  readonly runs: number;
  readonly seed: number;
  readonly nodesMax: number;
  readonly faultsMs: number;
  readonly application: string;
  /** Threads. Default: one for each processor. */
  readonly jobs?: number;
  /** Worlds that may be tried to make a failing one smaller. 0: leave it as it is. */
  readonly shrink: number;
}

const REPORT_EVERY_MS = 5_000;

/** Runs random worlds on all processors. Exit code 1 with the first violation, by seed, made smaller. */
export async function fuzz(flags: FuzzFlags, write: (line: string) => void): Promise<number> {
  const { runs, seed: first, nodesMax, application, faultsMs } = flags;
  if (nodesMax < 4) {
    throw new TestkitError({ code: "CONFIG", problems: ["--nodes-max: at least 4"] });
  }
  const { jobs = availableParallelism() } = flags;
  const world = { nodesMax, application, faultsMs };
  const tally = createTally(runs);
  for await (const result of fuzzWorlds({ first, runs, jobs: Math.max(1, jobs), world })) {
    switch (result.type) {
      case "passed":
        if (tally.add(result)) write(tally.summary());
        break;
      case "violated":
        await report(result, { flags, world, write });
        return 1;
      case "broken":
        throw new Error(`world of seed ${result.seed}: ${result.reason}`);
    }
  }
  write(`No violation. ${tally.summary()}`);
  return 0;
}

async function report(
  { seed, fault }: { readonly seed: number; readonly fault: Violation },
  context: {
    readonly flags: FuzzFlags;
    readonly world: Omit<RandomWorldOptions, "seed">;
    readonly write: (line: string) => void;
  },
): Promise<void> {
  const { flags, world, write } = context;
  write(`World of seed ${seed}: ${describeFailure(new TestkitError(fault)).message}`);
  if (flags.shrink === 0) return;
  const { violation, tried } = await shrinkWorld(
    { world: drawWorld({ ...world, seed }), violation: fault },
    {
      run: (candidate) => violationOf(runWorld(candidate)),
      tries: flags.shrink,
      strategies: STRATEGIES.map(({ name }) => name),
    },
  );
  const text = describeFailure(new TestkitError(violation)).message;
  write(`The smallest of ${tried} worlds tried that breaks the same: ${text}`);
}

interface Passed {
  readonly virtualMs: number;
  readonly steps: number;
  readonly progressMs: number;
}

/** Counts what passed. `add` is true when it is time to say something. */
function createTally(runs: number): {
  readonly add: (world: Passed) => boolean;
  readonly summary: () => string;
} {
  const started = performance.now();
  let reported = started;
  let total = { worlds: 0, virtualMs: 0, steps: 0, worstProgressMs: 0 };
  return {
    add({ virtualMs, steps, progressMs }) {
      total = {
        worlds: total.worlds + 1,
        virtualMs: total.virtualMs + virtualMs,
        steps: total.steps + steps,
        worstProgressMs: Math.max(total.worstProgressMs, progressMs),
      };
      if (performance.now() - reported < REPORT_EVERY_MS) return false;
      reported = performance.now();
      return true;
    },
    summary() {
      const minutes = (performance.now() - started) / 60_000;
      const perMinute = (count: number): string => (count / minutes).toFixed(1);
      const hours = perMinute(total.virtualMs / 3_600_000);
      const stepsPerSecond = Math.round(total.steps / minutes / 60);
      return `${total.worlds} of ${runs} worlds: ${perMinute(total.worlds)} worlds and ${hours} virtual hours a real minute, ${stepsPerSecond} steps a second, slowest progress ${total.worstProgressMs} virtual ms`;
    },
  };
}
