import { createTestNetwork } from "@aethel/testkit";
import type { SweepResult, SweepTask } from "./commands/sweep/worlds.ts";
import { failedWorld, serveTasks } from "./thread-tasks.ts";

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
