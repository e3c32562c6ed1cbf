import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import type { Host } from "../wires/host.ts";

/**
 * Starts a Node.js program on a host, with the flags of this process. It has a session of its own, so
 * that the kernel shares the processors among hosts, and not among the lab and all else.
 */
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
    detached: true,
    env: { ...process.env, ...options.env },
  });
}
