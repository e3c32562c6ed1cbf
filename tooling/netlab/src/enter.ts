import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NAMESPACES } from "./probe.ts";
import { type RunMessage, type RunTask, TASK } from "./run-task.ts";

const inside = fileURLToPath(new URL("inside.ts", import.meta.url));

/**
 * Performs a task in new namespaces. Resolves with the reason if it was not done whole. Everything in them ends with this call, and when this process
 * ends, however it does. A task that takes longer than `withinMs` is ended too.
 */
export async function enter(options: {
  readonly task: RunTask;
  readonly withinMs: number;
  readonly signal: AbortSignal;
  readonly onMessage: (message: RunMessage) => void;
}): Promise<string | undefined> {
  const { task, withinMs, signal, onMessage } = options;
  const program = [process.execPath, ...process.execArgv, inside];
  // In a process group of its own: Ctrl-C reaches this process alone.
  const child = spawn("unshare", [...NAMESPACES, ...program], {
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    env: { ...process.env, [TASK]: JSON.stringify(task) },
  });
  let failure: string | undefined = "the run ended without a result";
  const kill = (reason: string): void => {
    failure = reason;
    // `--kill-child`: the first process inside ends with it, and with that one all others.
    child.kill("SIGKILL");
  };
  const interrupt = (): void => kill("interrupted");
  signal.addEventListener("abort", interrupt);
  const timer = setTimeout(() => kill(`not done after ${withinMs / 1_000} s`), withinMs);
  child.on("message", (message: RunMessage) => {
    if (message.type === "failed") failure = message.reason;
    else if (message.type === "done") failure = undefined;
    else onMessage(message);
  });
  await new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("close", () => resolve());
  });
  clearTimeout(timer);
  signal.removeEventListener("abort", interrupt);
  return failure;
}
