import { createTestNetwork } from "@aethel/testkit";
import { failedWorld, serveTasks } from "../threads/serve-tasks.ts";
import type { SweepResult, SweepTask } from "./sweep-worlds.ts";

serveTasks(sweepOne);

async function sweepOne({ world, virtualMs }: SweepTask): Promise<SweepResult> {
  try {
    await using network = await createTestNetwork({ ...world, logLines: 1 });
    await network.run(virtualMs);
    const honest = network.nodes.filter((node) => !node.isByzantine).length;
    return { type: "held", report: network.report(), honest };
  } catch (error) {
    return failedWorld(error);
  }
}
