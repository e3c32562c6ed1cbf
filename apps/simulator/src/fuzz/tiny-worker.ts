import { runTinyWorld, type TinyWorldReport } from "@aethel/testkit";
import { type FailedWorld, failedWorld, serveTasks } from "../threads/serve-tasks.ts";

/** Result of the ledger with tiny bounds that one seed gives. */
export type TinyWorld = { readonly seed: number } & (
  | ({ readonly type: "passed" } & TinyWorldReport)
  | FailedWorld
);

// Runs the worlds of the seeds that the main thread sends.
serveTasks(async (seed: number): Promise<TinyWorld> => {
  try {
    return { seed, type: "passed", ...runTinyWorld({ seed }) };
  } catch (error) {
    return { seed, ...failedWorld(error) };
  }
});
