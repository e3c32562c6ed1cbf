import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A copy of the repository in which sources may be broken. */
export interface Workshop extends Disposable {
  /** The package within the copy. */
  readonly home: string;
  /** Runs test files; `killed` when one fails, `hung` when nothing ends any more. */
  run(tests: readonly string[], limitMs: number): Promise<Outcome>;
}

/** `tests`: the files that failed. */
export interface Outcome {
  readonly verdict: "killed" | "hung" | "survived" | "late";
  readonly tests: readonly string[];
  readonly ms: number;
}

/** Without a test that ends for so long, a mutant loops; the slowest test takes a third of it. */
const SILENCE_MS = 45_000;

/** Copies what git knows, as it is in the work tree, and links the installed packages. */
export function openWorkshop(repository: string, name: string): Workshop {
  const copy = mkdtempSync(path.join(tmpdir(), "mutation-"));
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: repository,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    },
  );
  for (const file of listed.split("\0")) {
    const from = path.join(repository, file);
    if (file !== "" && existsSync(from)) cpSync(from, path.join(copy, file));
  }
  symlinkSync(path.join(repository, "node_modules"), path.join(copy, "node_modules"));
  for (const group of ["packages", "apps", "tooling"]) {
    for (const each of readdirSync(path.join(repository, group))) {
      const installed = path.join(group, each, "node_modules");
      const isCopied = existsSync(path.join(copy, group, each));
      if (!isCopied || !existsSync(path.join(repository, installed))) continue;
      cpSync(path.join(repository, installed), path.join(copy, installed), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  }
  // A failing property would spend its minute on a smaller failure.
  const config = path.join(copy, "vitest.config.ts");
  const setUp = path.join(copy, "packages", name, "mutation", "no-shrinking.ts");
  const line = '    pool: "forks",';
  const text = readFileSync(config, "utf8");
  if (!text.includes(line)) throw new Error(`${config} has no line ${line}`);
  writeFileSync(config, text.replace(line, `${line}\n    setupFiles: [${JSON.stringify(setUp)}],`));
  return {
    home: path.join(copy, "packages", name),
    run: (tests, limitMs) => runTests({ copy, name, tests, limitMs }),
    [Symbol.dispose]: () => rmSync(copy, { recursive: true, force: true }),
  };
}

function runTests(options: {
  readonly copy: string;
  readonly name: string;
  readonly tests: readonly string[];
  readonly limitMs: number;
}): Promise<Outcome> {
  const { copy, name, tests, limitMs } = options;
  const vitest = path.join(copy, "node_modules", ".bin", "vitest");
  const files = tests.map((test) => path.join("packages", name, test));
  const args = ["run", "--project", `@aethel/${name}`, "--bail=1", "--reporter=verbose", ...files];
  const begun = Date.now();
  const child = spawn(vitest, args, {
    cwd: copy,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let heardAt = begun;
  let stopped: "hung" | "late" | "killed" | undefined;
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    heardAt = Date.now();
    // One failure says all; the other workers would first end what they are at.
    if (/[×❯] .*test\//u.test(output) || output.includes(" FAIL ")) stop("killed");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const stop = (why: "hung" | "late" | "killed"): void => {
    if (stopped !== undefined) return;
    stopped = why;
    // The whole group: workers would live on.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const watch = setInterval(() => {
    const now = Date.now();
    if (now - heardAt > SILENCE_MS) stop("hung");
    else if (now - begun > limitMs) stop("late");
  }, 250);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(watch);
      const ms = Date.now() - begun;
      if (stopped === "hung" || stopped === "late") {
        return resolve({ verdict: stopped, tests: [], ms });
      }
      const failed = [...output.matchAll(/(?:FAIL|×|❯).*?(test\/[\w.-]+\.test\.ts)/gu)];
      const names = [...new Set(failed.map((match) => match[1] ?? ""))];
      resolve({ verdict: code === 0 ? "survived" : "killed", tests: names, ms });
    });
  });
}
