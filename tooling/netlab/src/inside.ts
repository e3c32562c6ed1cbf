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

async function main(): Promise<void> {
  // The kernel then ends all other processes here, and the networks go with them.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));
  process.once("disconnect", () => process.exit(1));
  const task: RunTask = JSON.parse(process.env[TASK] ?? "");
  mkdirSync("/run/netns", { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run/netns"]);
  await tell(await perform(task));
}

async function perform(task: RunTask): Promise<RunMessage> {
  if (task.type === "wires") return { type: "wires", checks: await checkWires(task.seed) };
  const wanted = findCase(task.name);
  if (wanted === undefined) throw new Error(`there is no case ${task.name}`);
  const say = (line: string): void => void tell({ type: "says", line });
  const lab = await createLab({ ...task, say }, wanted.conditions);
  const figures = await wanted.run(lab);
  const { lateMsMax, dropped } = await lab.network.relayFigures();
  return { type: "case", figures, relayLateMsMax: lateMsMax, relayDropped: dropped };
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
