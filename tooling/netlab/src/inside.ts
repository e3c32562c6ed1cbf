/**
 * Program of one run, inside namespaces that end with it: the first process of its process
 * namespace. It gets its task from the environment, and sends what it has measured to its parent.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { findCase } from "./cases/all-cases.ts";
import { createLab } from "./lab/lab.ts";
import { checkWires } from "./meter/check-wires.ts";
import { type RunMessage, type RunTask, TASK } from "./run-task.ts";
import { IDEAL } from "./wires/conditions.ts";

async function main(): Promise<void> {
  // The kernel then ends all other processes here, and the networks go with them.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
  process.once("disconnect", () => process.exit(1));
  const task: RunTask = JSON.parse(process.env[TASK] ?? "");
  mkdirSync("/run/netns", { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);
  await perform(task);
  await tell({ type: "done" });
}

async function perform(task: RunTask): Promise<void> {
  if (task.type === "wires") {
    return await tell({ type: "wires", checks: await checkWires(task.seed) });
  }
  const say = (line: string): void => void tell({ type: "says", line });
  const cases = task.names.map((name) => {
    const found = findCase(name);
    if (found === undefined) throw new Error(`there is no case ${name}`);
    return found;
  });
  const lab = await createLab({ ...task, say }, cases[0]?.conditions ?? IDEAL);
  for (const each of cases) {
    const { name, title, conditions } = each;
    say(`${name}: ${title}`);
    await lab.network.apply(conditions);
    const figures = await each.run(lab);
    const { lateMsMax, dropped } = await lab.network.relayFigures();
    await tell({ type: "case", name, figures, relayLateMsMax: lateMsMax, relayDropped: dropped });
  }
}

function tell(message: RunMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

try {
  await main();
  process.exit(0);
} catch (error) {
  await tell({ type: "failed", reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
