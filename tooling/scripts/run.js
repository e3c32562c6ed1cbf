/**
 * Child processes for the scripts. Quiet ones show no output of their own. Loud ones take over the
 * terminal. This file runs on Node 20 and has no dependencies.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository's root. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Most last lines of a failed quiet command that are shown. */
const TAIL_LINES = 40;

/**
 * Returns the environment for a child process. The workspace's own tools come first in its PATH,
 * since they run on the Node 24 that the lockfile pins.
 */
export function toolEnvironment() {
  const bin = path.join(root, "node_modules", ".bin");
  return {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}`,
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}

/**
 * Runs a command without showing its output. Resolves with its exit code and output, `{ code,
 * output }`.
 */
export function quiet(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: toolEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const lines = [];
    const keep = (chunk) => lines.push(chunk.toString());
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, output: lines.join("") }));
  });
}

/**
 * Runs a command in this terminal and resolves with its exit code. Signals that reach only this
 * process are passed on; the child decides what a repeated one means.
 */
export function loud(command, args, { env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...toolEnvironment(), ...env },
      stdio: "inherit",
    });
    const forward = (signal) => child.kill(signal);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, forward);
    child.on("error", (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(127);
    });
    child.on("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
  });
}

/** Returns the last lines of an output, indented, for a failure report. */
export function tail(output) {
  const lines = output.trimEnd().split("\n").slice(-TAIL_LINES);
  return lines.map((line) => `    ${line}`).join("\n");
}

/**
 * Runs an action, and shows a line that says what is being done and, afterwards, how long it took.
 */
export async function step(label, action) {
  const begun = Date.now();
  process.stderr.write(process.stderr.isTTY ? `  ${label} ...` : "");
  const result = await action();
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  const mark = result.code === 0 ? "done" : "FAILED";
  const start = process.stderr.isTTY ? "\r" : "";
  process.stderr.write(`${start}  ${label} ... ${mark} (${seconds} s)\n`);
  return result;
}
