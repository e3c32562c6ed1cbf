import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";

/**
 * Prints the machine, its load, the Node version and the commit with which the figures that follow
 * are measured.
 */
export function printPlace(title: string): void {
  const [cpu] = cpus();
  const load = loadavg()[0]?.toFixed(1) ?? "?";
  console.log(`# ${title}`);
  console.log(`${cpu?.model.trim() ?? "unknown"}, ${cpus().length} cores, load ${load}`);
  console.log(`Node ${process.versions.node}, commit ${commit()}`);
  console.log("Medians; sequences interleaved, ratios of pairs within one round.\n");
}

/** Prints one figure, with its target if there is one. */
export function printFigure(figure: {
  readonly name: string;
  readonly value: string;
  readonly target?: string;
}): void {
  const target = figure.target === undefined ? "" : `  (target ${figure.target})`;
  console.log(`${figure.name.padEnd(64)} ${figure.value.padStart(14)}${target}`);
}

/** Prints why something was not measured. */
export function printSkipped(name: string, reason: string): void {
  console.log(`${name.padEnd(64)} ${"skipped".padStart(14)}  ${reason}`);
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
