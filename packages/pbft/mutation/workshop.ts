import { type ChildProcess, execFileSync, fork } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Order, Word } from "./resident.ts";

/** A copy of the repository in which sources may be broken. */
export interface Workshop extends Disposable {
  /** The package within the copy. */
  readonly home: string;
  /** Runs test files in the given order in one process, until one fails. */
  run(order: Order, limitMs: number): Promise<Outcome>;
}

/** `test`: the file that failed first; `ms`: time of the processor. */
export interface Outcome {
  readonly verdict: "killed" | "hung" | "survived" | "late";
  readonly test: string | undefined;
  readonly ms: number;
}

/** Without a test that ends for so long, a mutant loops; the slowest test takes a third of it. */
const SILENCE_CPU_MS = 20_000;

/** Without a test that ends for so long, a mutant waits for what never comes. */
const SILENCE_MS = 45_000;
const IDLE_MS = 1_000;

/** Folder of what runs the tests of a copy. */
const RUNNER = "packages/pbft/mutation";

/** Folders of the repository that tests read. */
const READ = ["docs", "examples"];

/** Copies a package and what it depends on, as they are in the work tree, and links what is installed. */
export function openWorkshop(repository: string, name: string): Workshop {
  const copy = mkdtempSync(path.join(tmpdir(), "mutation-"));
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: repository, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const folders = foldersFor(repository, path.join("packages", name));
  const needed = [...folders, RUNNER, ...READ];
  for (const file of listed.split("\0")) {
    const isNeeded = !file.includes("/") || needed.some((folder) => file.startsWith(`${folder}/`));
    const from = path.join(repository, file);
    if (file !== "" && isNeeded && existsSync(from)) cpSync(from, path.join(copy, file));
  }
  symlinkSync(path.join(repository, "node_modules"), path.join(copy, "node_modules"));
  for (const folder of folders) {
    const installed = path.join(folder, "node_modules");
    if (!existsSync(path.join(repository, installed))) continue;
    cpSync(path.join(repository, installed), path.join(copy, installed), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
  for (const group of ["packages", "apps", "tooling"]) {
    mkdirSync(path.join(copy, group), { recursive: true });
  }
  const home = path.join(copy, "packages", name);
  writeFileSync(path.join(copy, "mutation.config.ts"), configFor());
  let resident: ChildProcess | undefined;
  return {
    home,
    run: async (order, limitMs) => {
      resident ??= await openResident(copy, name);
      const outcome = await runTests(resident, order, limitMs);
      if (outcome.verdict === "hung" || outcome.verdict === "late") {
        end(resident);
        resident = undefined;
      }
      return outcome;
    },
    [Symbol.dispose]: () => {
      if (resident !== undefined) end(resident);
      rmSync(copy, { recursive: true, force: true });
    },
  };
}

/** The copy's configuration of vitest: of the repository's, with one worker and the order as told. */
function configFor(): string {
  return `
import { fileURLToPath } from "node:url";
import { defineConfig, mergeConfig } from "vitest/config";
import { AsTold } from "./${RUNNER}/as-told.ts";
import shared from "./vitest.config.ts";
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const test = {
  setupFiles: [here("${RUNNER}/hurry.ts"), here("${RUNNER}/recorder.ts")],
  sequence: { sequencer: AsTold },
  // Node strips the types itself: nothing is transformed, and offsets are those of the source.
  experimental: { viteModuleRunner: false },
  maxWorkers: 1,
};
export default mergeConfig(shared, defineConfig({ test }));
`;
}

/** The folder of a package, and of those of the repository that it depends on. */
function foldersFor(repository: string, first: string): readonly string[] {
  const folders = [first];
  for (const folder of folders) {
    const installed = path.join(repository, folder, "node_modules", "@aethel");
    if (!existsSync(installed)) continue;
    for (const each of readdirSync(installed)) {
      const other = path.relative(repository, realpathSync(path.join(installed, each)));
      if (!folders.includes(other)) folders.push(other);
    }
  }
  return folders;
}

function openResident(copy: string, name: string): Promise<ChildProcess> {
  const child = fork(path.join(copy, RUNNER, "resident.ts"), {
    cwd: copy,
    env: { ...process.env, MUTATION_PACKAGE: name },
    detached: true,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`vitest did not start: ${code}`)));
    child.once("message", () => {
      child.removeAllListeners();
      resolve(child);
    });
  });
}

/** Ends the whole group: workers would live on. */
function end({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

function runTests(child: ChildProcess, order: Order, limitMs: number): Promise<Outcome> {
  const { pid = 0 } = child;
  const begun = Date.now();
  const begunMs = processorMs(pid);
  let heard = { at: begun, ms: 0 };
  let ms = 0;
  const measure = (): number => {
    const now = processorMs(pid);
    // Where the system does not say, the time that has passed.
    ms = Math.max(ms, now === 0 ? Date.now() - begun : now - begunMs);
    return ms;
  };
  return new Promise((resolve, reject) => {
    const finish = (verdict: Outcome["verdict"], test?: string): void => {
      clearInterval(watch);
      child.removeAllListeners();
      resolve({ verdict, test, ms });
    };
    const watch = setInterval(() => {
      measure();
      const isLooping = ms - heard.ms > SILENCE_CPU_MS;
      // A busy machine makes everything silent: who waits for ever computes nothing meanwhile.
      const isWaiting = Date.now() - heard.at > SILENCE_MS && ms - heard.ms < IDLE_MS;
      if (isLooping || isWaiting) finish("hung");
      else if (ms > limitMs) finish("late");
    }, 500);
    // Somebody has ended it: that is no verdict.
    child.on("exit", (code, signal) => {
      clearInterval(watch);
      reject(new Error(`vitest ended amid a run: ${signal ?? code}`));
    });
    child.on("message", (word: Word) => {
      heard = { at: Date.now(), ms: measure() };
      if (word.type === "ended") finish(word.ok ? "survived" : "killed", word.failed);
    });
    child.send(order);
  });
}

/** Processor time of a process and its children, so that a busy machine is no slower; 0: unknown. */
function processorMs(parent: number): number {
  const children = readSafely(`/proc/${parent}/task/${parent}/children`).trim().split(" ");
  let ticks = 0;
  for (const id of [`${parent}`, ...children].filter((each) => each !== "")) {
    // The fields after the name, which may hold blanks: user, system, and both of ended children.
    const fields = readSafely(`/proc/${id}/stat`).split(") ").at(-1)?.split(" ") ?? [];
    ticks += [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0);
  }
  return ticks * 10;
}

function readSafely(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
