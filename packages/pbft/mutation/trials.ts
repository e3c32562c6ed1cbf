import { appendFileSync, existsSync, readFileSync } from "node:fs";
import type { Mutant } from "./mutants.ts";
import type { SoundTest } from "./sound-run.ts";
import type { Outcome } from "./workshop.ts";

/** Outcome for one mutant; `unexecuted`: no test executes what it changes. */
export interface Trial
  extends Pick<Mutant, "id" | "file" | "of" | "line" | "operator" | "original" | "replacement"> {
  readonly verdict: Outcome["verdict"] | "unexecuted";
  /** The test file that failed. */
  readonly by?: string;
  /** Time of the processor. */
  readonly ms: number;
}

/** The last trial of each mutant in a state file. */
export function readTrials(state: string): Map<string, Trial> {
  const lines = existsSync(state) ? readFileSync(state, "utf8").split("\n") : [];
  const trials = lines.filter((line) => line !== "").map((line): Trial => JSON.parse(line));
  return new Map(trials.map((trial) => [trial.id, trial]));
}

/** Adds a line to a state file. */
export function writeTrial(state: string, trial: Trial): void {
  appendFileSync(state, `${JSON.stringify(trial)}\n`);
}

/** Whether the tests found the mutant. */
export function isKilled({ verdict }: Pick<Trial, "verdict">): boolean {
  return verdict === "killed" || verdict === "hung";
}

/** Lines that nearness of two mutants is measured by. */
const NEAR = 15;

/**
 * Test files in the order in which they are worth their time: what they killed near this mutant and
 * in its file, for each second that they take, and whether they are about the file at all.
 */
export function inOrder(
  mutant: Mutant,
  tests: readonly SoundTest[],
  trials: Iterable<Trial>,
): readonly SoundTest[] {
  const kills = new Map<string, number>();
  for (const { by, file, line } of trials) {
    const distance = file === mutant.file ? Math.abs(line - mutant.line) : Infinity;
    const weight = distance <= NEAR ? 60 : file === mutant.file ? 20 : 1;
    if (by !== undefined) kills.set(by, (kills.get(by) ?? 0) + weight);
  }
  const worth = ({ test, ms, imports }: SoundTest): number =>
    (10 + (kills.get(test) ?? 0) + (imports.includes(mutant.file) ? 60 : 0)) /
    Math.max(100, ms - 400);
  return tests.toSorted((left, right) => worth(right) - worth(left));
}
