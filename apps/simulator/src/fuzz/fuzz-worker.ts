import { workerData } from "node:worker_threads";
import { type Checker, createTestNetwork, drawWorld } from "@aethel/testkit";
import { failedWorld, serveTasks } from "../threads/serve-tasks.ts";
import { PROGRESS } from "./demand.ts";
import { faultsOf } from "./faults.ts";
import type { FuzzedWorld, WorldBase } from "./fuzz-worlds.ts";

/** Options that all worlds share. The main thread sends the seed of each. */
const base: WorldBase = workerData;

serveTasks(fuzzOne);

async function fuzzOne(seed: number): Promise<FuzzedWorld> {
  try {
    const world = drawWorld({ ...base, seed });
    let starts = 0;
    const counter: Checker = {
      name: "starts",
      observe: ({ type }) => {
        if (type === "opened") starts += 1;
        return undefined;
      },
    };
    await using network = await createTestNetwork({ ...world, checkers: [counter] });
    await network.run(world.faultsMs ?? 0);
    const progressMs = await network.expectProgress(PROGRESS);
    const report = network.report();
    const { virtualMs, steps } = report;
    const strategies = network.nodes.flatMap((node) => node.strategies);
    const faults = faultsOf({ world, strategies, report, restarts: starts - network.nodes.length });
    return { seed, type: "passed", virtualMs, steps, progressMs, faults };
  } catch (error) {
    return { seed, ...failedWorld(error) };
  }
}
