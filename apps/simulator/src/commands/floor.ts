import { availableParallelism } from "node:os";
import { INTERRUPTED } from "@aethel/terminal";
import { drawFloorWorld, TestkitError } from "@aethel/testkit";
import { describeFailure } from "../output/failure.ts";
import { ALONE, type Surroundings } from "../output/program-output.ts";
import { runTasks, workerBeside } from "../threads/run-tasks.ts";
import type { FailedWorld } from "../threads/serve-tasks.ts";

/** Flags of `aethel-sim floor`. */
export interface FloorFlags {
  readonly runs: number;
  readonly seed: number;
  /** Number of threads. Default: one for each processor. */
  readonly jobs?: number;
}

/**
 * Result of the world of one seed. `broken-floor`: the throughput of the world was below the least
 * that it must keep.
 */
export type FloorWorld = { readonly seed: number } & (
  | { readonly type: "kept" }
  | { readonly type: "broken-floor"; readonly defect: string }
  | FailedWorld
);

const TICK_MS = 500;

/**
 * Runs `aethel-sim floor`: simulates worlds whose only fault is a Byzantine minority, and the same
 * worlds with these nodes crashed. The floor is the least throughput that a world must keep
 * compared with the crashed one. All worlds are run. Exit code 1 if one is below the floor, has a
 * violation or fails.
 */
export async function floor(
  { runs, seed: first, jobs }: FloorFlags,
  write: (line: string) => void,
  surroundings: Surroundings = ALONE,
): Promise<number> {
  using stop = surroundings.listenForStop();
  const { signal } = stop;
  const { progress } = surroundings;
  let ended = 0;
  let bad = 0;
  const ticking = setInterval(() => {
    progress.show(() => `${ended} of ${runs} worlds, ${bad} below the floor`);
  }, TICK_MS);
  try {
    const worlds = runTasks<number, FloorWorld>({
      runner: workerBeside(import.meta.url, "floor-worker"),
      tasks: Array.from({ length: runs }, (_, at) => first + at),
      threads: Math.min(runs, Math.max(1, jobs ?? availableParallelism())),
      signal,
    });
    for await (const world of worlds) {
      ended += 1;
      if (world.type === "kept") continue;
      bad += 1;
      progress.hide();
      for (const line of describe(world)) write(line);
    }
  } finally {
    clearInterval(ticking);
    progress.hide();
  }
  write(`${ended} of ${runs} worlds from seed ${first} on, ${bad} below the floor.`);
  if (bad > 0) return 1;
  return signal.aborted ? INTERRUPTED : 0;
}

function describe(world: Exclude<FloorWorld, { readonly type: "kept" }>): readonly string[] {
  const again = `npm run sim -- floor --seed ${world.seed} --runs 1`;
  switch (world.type) {
    case "broken-floor":
      return [
        `World of seed ${world.seed}: ${world.defect}`,
        `  ${JSON.stringify(drawFloorWorld(world.seed))}`,
        `  Show it again: ${again}`,
      ];
    case "violated":
      return [
        `World of seed ${world.seed}: ${describeFailure(new TestkitError(world.fault)).message}`,
      ];
    case "broken":
      return [`World of seed ${world.seed} broke: ${world.reason}`, `  Show it again: ${again}`];
  }
}
