import { drawFloorWorld, findFloorDefect } from "@aethel/testkit";
import type { FloorWorld } from "./commands/floor.ts";
import { failedWorld, serveTasks } from "./thread-tasks.ts";

/** Measures the worlds whose seeds it is told. */
serveTasks(measureOne);

async function measureOne(seed: number): Promise<FloorWorld> {
  try {
    const defect = await findFloorDefect(drawFloorWorld(seed));
    return defect === undefined ? { seed, type: "kept" } : { seed, type: "broken-floor", defect };
  } catch (error) {
    return { seed, ...failedWorld(error) };
  }
}
