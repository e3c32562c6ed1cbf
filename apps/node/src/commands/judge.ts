import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import { INTERRUPTED, listenForStop } from "@aethel/terminal";
import { createJudge, RESOURCE_LIMIT_DEFAULT, RESOURCE_LIMIT_MAX } from "@aethel/verifier";
import { failure } from "../failure/failure.ts";
import { writeFileAtomic } from "../files/atomic-file.ts";
import { judgeFile } from "../judge/judge-file.ts";
import { shownNames } from "../judge/names.ts";
import { createProgress } from "../judge/progress.ts";
import { type Explained, type JudgedFile, toJsonLine } from "../judge/report.ts";
import { createScreen } from "../judge/screen.ts";
import { note, print } from "../terminal/output.ts";

interface JudgeOptions {
  readonly json?: boolean;
  readonly obligations?: boolean;
  readonly privileged?: boolean;
  readonly limit?: number;
  readonly workers?: number;
  /**
   * File to which the certificate is written; only for a run on one file. Undefined: none is
   * written.
   */
  readonly certificate?: string;
}

/** Most worker threads; each has its own solver. */
const WORKERS_MAX = 64;

/** Runs `aethel judge`: exit code 0 if all files are valid, 1 otherwise, 130 if interrupted. */
export async function judgeFiles(files: readonly string[], options: JudgeOptions): Promise<number> {
  const cores = Math.min(files.length, availableParallelism(), 4);
  const workers = inRange("--workers", options.workers ?? cores, WORKERS_MAX);
  inRange("--limit", options.limit ?? RESOURCE_LIMIT_DEFAULT, RESOURCE_LIMIT_MAX);
  if (options.certificate !== undefined && files.length !== 1) {
    const text = `--certificate writes that of one file, and ${files.length} are named`;
    throw failure("USAGE", text, "name one file");
  }
  const begun = performance.now();
  using stop = listenForStop();
  const names = shownNames(files);
  const progress = createProgress(files.length, process.stderr);
  const reports: JudgedFile[] = [];
  let isWritten = true;
  try {
    await using judge = await createJudge({ workers });
    const running = startAll({ files, workers, signal: stop.signal }, async (file, at) => {
      progress.begin(names[at] ?? file);
      const judged = await judgeFile(judge, file, { ...options, signal: stop.signal });
      progress.end(names[at] ?? file);
      return judged;
    });
    const show = options.json === true ? showJson : createScreen(names, { ...options, begun }).show;
    const shown = async (): Promise<"done"> => {
      for (const [at, pending] of running.entries()) {
        const judged = await pending;
        if (stop.signal.aborted) break;
        progress.hide();
        show(judged, at);
        reports.push(judged.report);
        if (options.certificate !== undefined) {
          isWritten = await writeCertificate(judged, options.certificate);
        }
      }
      return "done";
    };
    await Promise.race([shown(), stop.stopped]);
  } finally {
    progress.close();
  }
  if (stop.signal.aborted) {
    note(`aethel: interrupted, ${reports.length} of ${files.length} files were judged.`);
    return INTERRUPTED;
  }
  return isWritten && reports.every((report) => report.verdict === "valid") ? 0 : 1;
}

/**
 * Writes the certificate of a judged file. Returns false if the file has none. @throws NodeError
 * `FILE` if it cannot be written.
 */
async function writeCertificate(judged: Explained, file: string): Promise<boolean> {
  const { report, certificate } = judged;
  if (certificate === undefined) {
    const why =
      report.verdict === "valid" ? "only the solver says that it is valid" : report.verdict;
    note(`aethel: no certificate was written: ${report.file} has none (${why}).`);
    return false;
  }
  try {
    // A missing folder is an error: it is not created.
    await stat(path.dirname(file));
    await writeFileAtomic(file, certificate);
  } catch (cause) {
    throw failure(
      "FILE",
      `${file} cannot be written`,
      "name a file in a folder that exists and is writable",
      cause,
    );
  }
  note(
    `${certificate.length} bytes in ${file}. To check them: aethel certify ${report.file} ${file}`,
  );
  return true;
}

function showJson({ report }: Explained): void {
  print(toJsonLine(report));
}

/**
 * Judges the files in their order, `workers` at the same time. After an abort, no further file is
 * begun. The promises of the remaining files then never settle.
 */
function startAll(
  run: {
    readonly files: readonly string[];
    readonly workers: number;
    readonly signal: AbortSignal;
  },
  work: (file: string, at: number) => Promise<Explained>,
): readonly Promise<Explained>[] {
  const pending = run.files.map(() => Promise.withResolvers<Explained>());
  const queue = run.files.entries();
  const take = async (): Promise<void> => {
    // All workers share one iterator: each file is taken once.
    for (const [at, file] of queue) {
      if (run.signal.aborted) return;
      try {
        pending[at]?.resolve(await work(file, at));
      } catch (error) {
        pending[at]?.reject(error);
      }
    }
  };
  for (let at = 0; at < run.workers; at++) void take();
  // After a failure or an interruption the rest is not awaited.
  for (const { promise } of pending) promise.catch(() => undefined);
  return pending.map(({ promise }) => promise);
}

function inRange(flag: string, value: number, max: number): number {
  if (value >= 1 && value <= max) return value;
  throw failure("USAGE", `${flag} ${value} is not in 1 .. ${max}`, "give another number");
}
