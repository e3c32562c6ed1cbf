import { drawWorld, runWorld, TestkitError } from "@aethel/testkit";
import { describeFailure } from "../failure.ts";

/** Flags of `aethel-sim fuzz`. */
export interface FuzzFlags {
  readonly runs: number;
  readonly seed: number;
  readonly nodesMax: number;
  readonly application: string;
}

const REPORT_EVERY_MS = 5_000;

/** Runs random worlds, one after the other. Exit code 1 with the first violation. */
export async function fuzz(flags: FuzzFlags, write: (line: string) => void): Promise<number> {
  const { runs, seed: first, nodesMax, application } = flags;
  if (nodesMax < 4) {
    throw new TestkitError({ code: "CONFIG", problems: ["--nodes-max: at least 4"] });
  }
  const started = performance.now();
  let reported = started;
  let total = { worlds: 0, virtualMs: 0, steps: 0, worstProgressMs: 0 };
  const summary = (): string => {
    const minutes = (performance.now() - started) / 60_000;
    const perMinute = (count: number): string => (count / minutes).toFixed(1);
    const hours = perMinute(total.virtualMs / 3_600_000);
    const stepsPerSecond = Math.round(total.steps / minutes / 60);
    return `${total.worlds} of ${runs} worlds: ${perMinute(total.worlds)} worlds and ${hours} virtual hours a real minute, ${stepsPerSecond} steps a second, slowest progress ${total.worstProgressMs} virtual ms`;
  };
  for (let seed = first; seed < first + runs; seed++) {
    try {
      const report = await runWorld(drawWorld({ seed, nodesMax, application }));
      total = {
        worlds: total.worlds + 1,
        virtualMs: total.virtualMs + report.virtualMs,
        steps: total.steps + report.steps,
        worstProgressMs: Math.max(total.worstProgressMs, report.progressMs),
      };
    } catch (error) {
      if (!(error instanceof TestkitError) || error.fault.code !== "VIOLATION") throw error;
      write(`World of seed ${seed}: ${describeFailure(error).message}`);
      return 1;
    }
    if (performance.now() - reported < REPORT_EVERY_MS) continue;
    reported = performance.now();
    write(summary());
  }
  write(`No violation. ${summary()}`);
  return 0;
}
