import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { isSmoke } from "./smoke.ts";

let printed = 0;

/**
 * Prints the machine, its load, the Node version and the commit, as a heading for the figures that
 * follow. If the bench then ends without a figure, its exit code is 1.
 */
export function printPlace(title: string): void {
  process.on("exit", failWithoutFigures);
  const [cpu] = cpus();
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  console.log(`# ${title}`);
  console.log(`${cpu?.model.trim() ?? "unknown"}, ${cpus().length} cores, load ${load}`);
  console.log(`Node ${process.versions.node}, commit ${commit()}`);
  if (isSmoke) console.log("A smoke run: its figures mean nothing.");
  console.log("Medians; sequences interleaved, ratios of pairs within one round.\n");
}

/**
 * Prints one figure, with its target if there is one.
 * @throws Error if the value is no number, so that nothing was measured.
 */
export function printFigure(figure: {
  readonly name: string;
  readonly value: string;
  readonly target?: string;
}): void {
  if (/\b(NaN|Infinity)\b/.test(figure.value)) {
    throw new Error(`${figure.name}: ${figure.value}; nothing was measured`);
  }
  printed += 1;
  const target = figure.target === undefined ? "" : `  (target ${figure.target})`;
  console.log(`${figure.name.padEnd(64)} ${figure.value.padStart(14)}${target}`);
}

/** Prints why something was not measured. */
export function printSkipped(name: string, reason: string): void {
  console.log(`${name.padEnd(64)} ${"skipped".padStart(14)}  ${reason}`);
}

function failWithoutFigures(code: number): void {
  if (code !== 0 || printed > 0) return;
  process.stderr.write("This bench printed no figure: it measured nothing.\n");
  process.exitCode = 1;
}

function commit(): string {
  try {
    const options = { encoding: "utf8" as const };
    const hash = execFileSync("git", ["rev-parse", "--short=10", "HEAD"], options).trim();
    const changed = execFileSync("git", ["status", "--porcelain", "-uno"], options).trim();
    return changed === "" ? hash : `${hash} with changes`;
  } catch {
    return "unknown";
  }
}
