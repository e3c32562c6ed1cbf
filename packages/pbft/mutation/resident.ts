/**
 * Process that keeps vitest ready, and runs test files as it is told: starting vitest anew would
 * cost as much as most mutants do. Each run has a new worker, and so the sources as they are then.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createVitest, type Reporter } from "vitest/node";

/** Request of the parent. */
export interface Order {
  readonly tests: readonly string[];
  /** Divides the runs of properties. */
  readonly hurry?: number;
  /** Test files that have all their runs nevertheless. */
  readonly whole?: readonly string[];
  /** File that gets the coverage of a single test file. */
  readonly coverage?: string;
}

/** Message to the parent: a sign of life, or the end with the file that failed. */
export type Word =
  | { readonly type: "ready" }
  | { readonly type: "tested" }
  | { readonly type: "ended"; readonly failed: string | undefined; readonly ok: boolean };

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const home = path.join(root, "packages", process.env["MUTATION_PACKAGE"] ?? "");
let failed: string | undefined;

const reporter: Reporter = {
  onTestCaseResult: (test) => {
    say({ type: "tested" });
    if (test.result().state === "failed") fail(test.module.moduleId);
  },
  onTestModuleEnd: (module) => {
    if (module.state() === "failed") fail(module.moduleId);
  },
};

const vitest = await createVitest("test", {
  root,
  config: path.join(root, "mutation.config.ts"),
  project: [`@aethel/${path.basename(home)}`],
  watch: false,
  isolate: false,
  reporters: [reporter],
});
const specifications = await vitest.globTestSpecifications();
process.on("message", (order: Order) => void run(order));
say({ type: "ready" });

async function run({ tests, hurry = 1, whole = [], coverage }: Order): Promise<void> {
  failed = undefined;
  process.env["MUTATION_TESTS"] = tests.join(" ");
  process.env["MUTATION_HURRY"] = String(hurry);
  process.env["MUTATION_WHOLE"] = whole.join(" ");
  process.env["MUTATION_COVERAGE"] = coverage ?? "";
  const wanted = specifications.filter(({ moduleId }) => tests.includes(nameOf(moduleId)));
  const { unhandledErrors } = await vitest.runTestSpecifications(wanted);
  say({ type: "ended", failed, ok: failed === undefined && unhandledErrors.length === 0 });
}

/** The first failure says all: what the worker would still run is not waited for. */
function fail(moduleId: string): void {
  if (failed !== undefined) return;
  failed = nameOf(moduleId);
  const ids = workers();
  for (const id of ids) process.kill(Number(id), "SIGKILL");
  // Not both: a worker that is dead never says that it has ended its test.
  if (ids.length === 0) void vitest.cancelCurrentRun("test-failure");
}

/** Children but for the watchdog, whose end would be ours; where there is no list, none. */
function workers(): readonly string[] {
  const list = `/proc/self/task/${process.pid}/children`;
  if (!existsSync(list)) return [];
  const ids = readFileSync(list, "utf8").trim().split(" ");
  return ids.filter((id) => !readFileSync(`/proc/${id}/cmdline`, "utf8").includes("watchdog"));
}

function nameOf(moduleId: string): string {
  return path.relative(home, moduleId);
}

function say(word: Word): void {
  process.send?.(word);
}
