import { drawFloorWorld, findFloorDefect } from "@aethel/testkit";
import { failedWorld, serveTasks } from "../threads/serve-tasks.ts";
import type { FloorWorld } from "./floor.ts";

// Measures the worlds of the seeds that the main thread sends.
serveTasks(measureOne);

async function measureOne(seed: number): Promise<FloorWorld> {
  try {
    const defect = await findFloorDefect(drawFloorWorld(seed));
    return defect === undefined ? { seed, type: "kept" } : { seed, type: "broken-floor", defect };
  } catch (error) {
    return { seed, ...failedWorld(error) };
  }
}
