import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Bound above all expected times and below that of a test, so that a failure shows the output. */
const SEEN_WITHIN_MS = 110_000;

/** Output of a finished `aethel`. */
export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `aethel`. */
export interface Running {
  readonly child: ChildProcess;
  /** Standard output so far. */
  readonly stdout: () => string;
  readonly done: Promise<Finished>;
  /** Resolves when standard output holds the pattern; rejects when the process ends before. */
  sees(pattern: RegExp): Promise<RegExpMatchArray>;
}

/** Starts the real command line from its sources, as a process. */
export function start(
  args: readonly string[],
  { env = {} }: { readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const child = spawn(process.execPath, ["--conditions=@aethel/source", main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const done = new Promise<Finished>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  let isOver = false;
  void done.then(() => (isOver = true));
  return {
    child,
    stdout: () => stdout,
    done,
    async sees(pattern) {
      const deadline = performance.now() + SEEN_WITHIN_MS;
      for (;;) {
        const match = stdout.match(pattern);
        if (match !== null) return match;
        const isLate = performance.now() > deadline;
        if (isOver || isLate) throw new Error(`never said ${pattern}:\n${stdout}\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** Runs the command line to its end. */
export async function run(...args: readonly string[]): Promise<Finished> {
  return await start(args).done;
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
