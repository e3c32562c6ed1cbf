import type { RoomPlan } from "../plan.ts";

/**
 * Rooms of `apps/simulator`. Commands are above the parts that they share. Only `threads` starts
 * worker threads.
 */
export const SIMULATOR: RoomPlan = {
  main: { holds: "the entry of the process", imports: "program output" },
  program: {
    holds: "the commands' flags, as commander reads them",
    imports: "commands fuzz sweep economics flags output",
  },
  commands: {
    holds: "commands of a file or two: run, replay, explore, strategies, worst, floor",
    imports: "flags threads output",
  },
  fuzz: { holds: "random worlds until one violates a property", imports: "threads output" },
  sweep: {
    holds: "one or two options of a world varied, and what that costs",
    imports: "charts flags threads output",
  },
  economics: {
    holds: "supply, incomes, and what attackers gain or lose",
    imports: "charts output",
  },
  charts: { holds: "charts for a terminal and as SVG", imports: "output" },
  flags: { holds: "values of options, and the world that they make", imports: "" },
  threads: { holds: "tasks on worker threads, results in order", imports: "" },
  output: { holds: "text, progress and errors of a terminal", imports: "" },
};
