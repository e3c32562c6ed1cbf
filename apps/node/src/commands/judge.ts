import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { createJudge, type Judge, RESOURCE_LIMIT_DEFAULT } from "@aethel/verifier";
import { print } from "../cli/output.ts";
import { fileReport, kindOf, payloadOf, rejectedFile } from "../judge/file.ts";
import { type JudgedFile, renderTable, toJsonLine } from "../judge/report.ts";

interface JudgeOptions {
  readonly json?: boolean;
  readonly privileged?: boolean;
  readonly limit?: number;
  readonly workers?: number;
}

/** `aethel judge`: exit code 0 when all files are valid, 1 otherwise. */
export async function judgeFiles(files: readonly string[], options: JudgeOptions): Promise<number> {
  const workers = options.workers ?? Math.min(files.length, availableParallelism(), 4);
  await using judge = await createJudge({ workers });
  const queue = files.map((file, at) => ({ file, at }));
  const pending = files.map(() => Promise.withResolvers<JudgedFile>());
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      pending[next.at]?.resolve(await judgeFile(judge, next.file, options));
    }
  };
  const working = Promise.all(Array.from({ length: workers }, work));

  const reports: JudgedFile[] = [];
  for (const { promise } of pending) {
    const report = await Promise.race([promise, working.then(() => promise)]);
    reports.push(report);
    if (options.json === true) print(toJsonLine(report));
  }
  if (options.json !== true) print(renderTable(reports, process.stdout.columns ?? 100));
  return reports.every((report) => report.verdict === "valid") ? 0 : 1;
}

async function judgeFile(judge: Judge, file: string, options: JudgeOptions): Promise<JudgedFile> {
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  const kind = kindOf(file);
  if (kind === undefined) {
    return rejectedFile({ file, ms: elapsed(), reason: "not a .ae or .smt2 file" });
  }
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    const reason = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return rejectedFile({ file, kind, ms: elapsed(), reason });
  }
  const payload = payloadOf(kind, bytes, { privileged: options.privileged ?? false });
  const judgement = await judge.check(payload, {
    resourceLimit: options.limit ?? RESOURCE_LIMIT_DEFAULT,
  });
  return fileReport({ file, kind, bytes, judgement, ms: elapsed() });
}
