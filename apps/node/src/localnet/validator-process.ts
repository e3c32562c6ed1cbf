import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { failure } from "../failure/failure.ts";
import { ChildMessage } from "./ready-message.ts";

/** Options of one validator process. */
export interface ValidatorProcessOptions {
  /** Name in messages, such as `validator 2`. */
  readonly name: string;
  readonly dataDir: string;
  readonly listen: string;
  readonly peers: readonly string[];
  readonly password: string;
  /** Aborts the start of the process. */
  readonly signal: AbortSignal;
  /** Called once when the process has ended. */
  readonly onExit: (exit: ProcessExit) => void;
}

/** Exit of a process. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last 2,000 characters that the process wrote to standard error. */
  readonly complaint: string;
}

/** Process of a running validator. */
export interface ValidatorProcess {
  readonly pid: number;
  /** Base address of the HTTP API of the process. */
  readonly url: string;
  /**
   * Sends SIGTERM, and SIGKILL if the process still runs 8 s later. Resolves when the process has
   * ended.
   */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 8_000;

/**
 * Starts `aethel start` as a process and waits until its API answers. @throws NodeError `CHILD`.
 */
export async function startValidatorProcess(
  options: ValidatorProcessOptions,
): Promise<ValidatorProcess> {
  const { name, signal, onExit } = options;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...process.execArgv, ...argumentsOf(options)], {
    // Its own session: Ctrl-C reaches the parent alone, which ends the children in order.
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, AETHEL_PASSWORD: options.password },
  });
  const complaint = lastLines(child);
  const gone = new Promise<ProcessExit>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ code, signal, complaint: complaint() });
    child.once("error", () => end(127, null));
    // Not `exit`: output may still be in the pipe then.
    child.once("close", end);
  });
  const abandon = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", abandon);
  try {
    const url = await waitUntilReady(child, gone, name);
    void gone.then(onExit);
    return { pid: child.pid ?? 0, url, stop: () => stopChild(child, gone) };
  } catch (error) {
    await stopChild(child, gone);
    throw error;
  } finally {
    signal.removeEventListener("abort", abandon);
  }
}

function argumentsOf({ dataDir, listen, peers }: ValidatorProcessOptions): readonly string[] {
  const source = import.meta.filename.endsWith(".ts");
  const main = fileURLToPath(new URL(source ? "../main.ts" : "../main.js", import.meta.url));
  const dial = peers.length === 0 ? [] : ["--peer", ...peers];
  return [main, "start", "--data-dir", dataDir, "--http-port", "0", "--listen", listen, ...dial];
}

/**
 * Keeps the last 2,000 characters of a child's standard error. The returned function returns them.
 */
function lastLines(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = `${text}${chunk.toString()}`.slice(-2_000);
  });
  return () => text.trim();
}

function waitUntilReady(
  child: ChildProcess,
  gone: Promise<ProcessExit>,
  name: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      const next = "see node.log in its data directory, then run the command again";
      reject(failure("CHILD", `${name} did not start: ${reason}`, next));
    };
    const timer = setTimeout(
      () => fail(`it was not ready within ${START_TIMEOUT_MS / 1_000} s`),
      START_TIMEOUT_MS,
    );
    child.on("message", (message) => {
      const parsed = ChildMessage.safeParse(message);
      if (!parsed.success) return;
      clearTimeout(timer);
      if (parsed.data.type === "ready") resolve(parsed.data.url);
      else fail(parsed.data.message);
    });
    void gone.then(({ code, signal, complaint }) => {
      clearTimeout(timer);
      fail(`it ended with ${signal ?? code}. ${complaint}`);
    });
  });
}

async function stopChild(child: ChildProcess, gone: Promise<ProcessExit>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const insist = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(insist);
}
