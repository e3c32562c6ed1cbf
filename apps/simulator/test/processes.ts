import { type ChildProcess, execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Bound above all expected times and below that of a test, so that a failure shows the output. */
const SEEN_WITHIN_MS = 75_000;

/** Output of a finished `aethel-sim`. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `aethel-sim`. */
export interface Running {
  readonly child: ChildProcess;
  readonly done: Promise<Finished>;
  /** Resolves when standard output or error holds the pattern; rejects when the process ends before. */
  sees(pattern: RegExp): Promise<void>;
}

/** Starts the real command line from its sources, as a process. */
export function start(command: string): Running {
  const args = [
    "--conditions=@aethel/source",
    main,
    ...command.split(" ").filter((word) => word !== ""),
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  let isOver = false;
  const done = new Promise<Finished>((resolve) => {
    child.once("close", (code) => {
      isOver = true;
      resolve({ code, stdout, stderr });
    });
  });
  return {
    child,
    done,
    async sees(pattern) {
      const deadline = performance.now() + SEEN_WITHIN_MS;
      while (!pattern.test(stdout) && !pattern.test(stderr)) {
        const isLate = performance.now() > deadline;
        if (isOver || isLate) throw new Error(`never said ${pattern}:\n${stdout}\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** Output on a terminal of 80 columns with its control sequences; `script` makes the terminal. */
export async function onTerminal(command: string, environment = ""): Promise<string> {
  const node = `"${process.execPath}" --conditions=@aethel/source`;
  const settings = `env -u CI -u NO_COLOR -u FORCE_COLOR TERM=xterm ${environment}`;
  const line = `stty cols 80 rows 24; ${settings} ${node} "${main}" ${command}`;
  // Not `-e`: whatever the exit code, what was shown is the answer.
  const { stdout } = await promisify(execFile)("script", ["-qc", line, "/dev/null"]);
  return stdout;
}
