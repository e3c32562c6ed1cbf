import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { TestContext } from "vitest";

const SCRIPT = new URL("log-child.ts", import.meta.url).pathname;

/** A process of its own that opens a signing log, after a piece of shell such as `ulimit -f 16`. */
export interface LogChild {
  readonly path: string;
  /** `fill`: appends until it is refused; `count`: appends its count until it is killed. */
  readonly mode: "fill" | "count";
  readonly before?: string;
}

function commandOf({ path, mode, before = "" }: LogChild): readonly [string, string[]] {
  const node = [process.execPath, "--conditions=@aethel/source", SCRIPT, path, mode];
  const quoted = node.map((word) => `'${word}'`).join(" ");
  // A namespace is made by a program that runs the rest; a limit is set by the shell before it.
  const line = before.startsWith("exec")
    ? `${before} ${quoted}`
    : `${before || ":"}; exec ${quoted}`;
  return ["bash", ["-c", line]];
}

/** Runs a child to its end: how many records it was told are durable, and what ended it. */
export function runChild(child: LogChild): {
  readonly acknowledged: number;
  readonly refused: string;
} {
  const { stdout, stderr } = spawnSync(...commandOf(child), { encoding: "utf8" });
  const lines = stdout.trim().split("\n");
  const refused = lines.at(-1)?.match(/^refused (.*)$/)?.[1];
  if (refused === undefined) throw new Error(`the child said: ${stdout} ${stderr}`);
  return { acknowledged: lines.length - 1, refused };
}

/** A child that runs until it is killed. */
export interface RunningChild {
  /** Resolves when the child has said this line. */
  said(line: string): Promise<void>;
  /** The last whole line that it has said. */
  last(): string;
  kill(): Promise<void>;
}

/** Starts a child and leaves it running. */
export function holdLog(options: LogChild): RunningChild {
  const child: ChildProcess = spawn(...commandOf(options), {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const lines = (): readonly string[] => text.split("\n").slice(0, -1);
  return {
    async said(line) {
      while (!lines().includes(line)) {
        if (child.exitCode !== null) throw new Error(`the child ended, and said: ${text}`);
        if (child.stdout !== null) await once(child.stdout, "data");
      }
    },
    last: () => lines().at(-1) ?? "",
    async kill() {
      // Closed only when whoever writes to it is gone: the child of a program that makes a
      // namespace dies after that.
      const closed = child.stdout === null ? undefined : once(child.stdout, "close");
      child.kill("SIGKILL");
      await closed;
    },
  };
}

/** Skips a test, and says why, on a machine where it cannot run. */
export function ifPossible(context: TestContext, what: string, attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    const reason = `SKIPPED: this machine does not permit ${what}: ${String(error)}`;
    process.stderr.write(`${reason}\n`);
    context.skip(reason);
  }
}
