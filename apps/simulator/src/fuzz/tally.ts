import { group } from "@aethel/terminal";
import { clockTime, wrap } from "../output/format.ts";
import { FAULT_GROUPS, LEDGER_FAULTS } from "./faults.ts";
import type { PassedWorld } from "./fuzz-worlds.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Milliseconds without a result after which the progress line names the world that is awaited. */
const SLOW_MS = 30_000;

/** Count of the worlds (simulated networks) that passed. */
export interface Tally {
  readonly add: (world: PassedWorld) => void;
  readonly worlds: number;
  /** Formats the progress of the run in one line. */
  readonly progress: () => string;
  /** Formats the number of worlds, their speed and their faults. */
  readonly summary: () => readonly string[];
}

/**
 * Creates the count of the worlds of a fuzz run and their faults, empty at first. The run ends
 * after `runs` worlds or `durationMs` real milliseconds, whichever comes first.
 */
export function createTally(options: {
  readonly first: number;
  /** Number of worlds; may be infinite. */
  readonly runs: number;
  readonly durationMs: number | undefined;
  readonly now?: () => number;
}): Tally {
  const { first, runs, durationMs, now = () => performance.now() } = options;
  const started = now();
  let last = started;
  let total = { worlds: 0, virtualMs: 0, steps: 0, worstProgressMs: 0 };
  const faults = new Map<string, number>();
  const rates = (): { readonly worlds: number; readonly hours: number } => {
    const minutes = Math.max(1, now() - started) / MINUTE_MS;
    return { worlds: total.worlds / minutes, hours: total.virtualMs / HOUR_MS / minutes };
  };
  const leftMs = (): number | undefined => {
    const perWorld = (now() - started) / total.worlds;
    const byRuns = total.worlds === 0 ? Number.POSITIVE_INFINITY : (runs - total.worlds) * perWorld;
    const byTime = (durationMs ?? Number.POSITIVE_INFINITY) - (now() - started);
    const left = Math.max(0, Math.min(byRuns, byTime));
    return Number.isFinite(left) ? left : undefined;
  };
  const done = (): string =>
    Number.isFinite(runs) ? `${group(total.worlds)} of ${group(runs)}` : group(total.worlds);
  return {
    add({ virtualMs, steps, progressMs, faults: own }) {
      last = now();
      total = {
        worlds: total.worlds + 1,
        virtualMs: total.virtualMs + virtualMs,
        steps: total.steps + steps,
        worstProgressMs: Math.max(total.worstProgressMs, progressMs),
      };
      for (const fault of own) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    },
    get worlds() {
      return total.worlds;
    },
    progress() {
      const waitedMs = now() - last;
      const left = leftMs();
      return [
        `${done()} worlds`,
        `${group(Math.round(rates().worlds))} a minute`,
        `${group((total.virtualMs / HOUR_MS).toFixed(1))} virtual hours`,
        ...(left === undefined ? [] : [`${clockTime(left)} to go`]),
        ...(waitedMs < SLOW_MS
          ? []
          : [`seed ${first + total.worlds} takes ${clockTime(waitedMs)} so far`]),
      ].join(", ");
    },
    summary() {
      const { worlds, hours } = rates();
      const realMs = now() - started;
      const perSecond = Math.round((total.steps / Math.max(1, realMs)) * 1_000);
      return [
        `${done()} worlds: ${worlds.toFixed(1)} worlds and ${hours.toFixed(1)} virtual hours a real minute`,
        wrap(
          `${clockTime(realMs)} of real time, ${group((total.virtualMs / HOUR_MS).toFixed(2))} virtual hours, ${group(total.steps)} steps (${group(perSecond)} a second); slowest progress ${group(total.worstProgressMs)} virtual ms`,
        ),
        ...(total.worlds === 0 ? [] : ["Worlds with", ...describeFaults(faults, total.worlds)]),
      ];
    },
  };
}

/**
 * Lists the faults with the number of worlds that had each. Faults that could occur and did not are
 * listed too: a fuzzer must show what it never tries.
 */
function describeFaults(faults: ReadonlyMap<string, number>, worlds: number): readonly string[] {
  return FAULT_GROUPS.map(({ group: title, names }) => {
    const counts = names.flatMap((name) => {
      const count = faults.get(`${title}:${name}`) ?? 0;
      if (count === 0 && LEDGER_FAULTS.has(`${title}:${name}`)) return [];
      // A count and its name stay on one line.
      const share = Math.round((100 * count) / worlds);
      return `${name} ${group(count)} (${share}%)`.replaceAll(" ", NO_BREAK);
    });
    const text = `  ${title.padEnd(10)} ${counts.join(", ")}`;
    return wrap(text, " ".repeat(13)).replaceAll(NO_BREAK, " ");
  });
}

const NO_BREAK = "\u00a0";
