import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Host } from "../wires/host.ts";

/** Starts a Node.js program on a host, with the flags of this process. */
export function spawnOn(
  host: Host,
  program: string,
  args: readonly string[],
  options: {
    readonly stdio: StdioOptions;
    readonly env?: Readonly<Record<string, string>>;
  },
): ChildProcess {
  const command = [process.execPath, ...process.execArgv, program, ...args];
  return spawn("nsenter", [`--net=/run/netns/${host.namespace}`, "--", ...command], {
    stdio: options.stdio,
    env: { ...process.env, ...options.env },
  });
}
