import { type Judge, RESOURCE_LIMIT_DEFAULT } from "@aethel/verifier";
import { fileReport, payloadOf, rejectedFile } from "./file.ts";
import { bytesMaxOf, kindOf } from "./file-kind.ts";
import { readNamedFile } from "./read-file.ts";
import type { Explained } from "./report.ts";

/** Reads a file and judges it. A file that cannot be read gets a report with the reason. */
export async function judgeFile(
  judge: Judge,
  file: string,
  options: {
    readonly privileged?: boolean;
    readonly limit?: number;
    readonly signal: AbortSignal;
  },
): Promise<Explained> {
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  const kind = kindOf(file);
  const content = await readNamedFile(file, bytesMaxOf(kind));
  if (!content.ok || kind === undefined) {
    const reason = content.ok ? "it is no .ae or .smt2 file" : content.reason;
    return { report: rejectedFile({ file, kind, ms: elapsed(), reason }), source: "" };
  }
  const { bytes } = content;
  const payload = payloadOf(kind, bytes, { privileged: options.privileged ?? false });
  const judgement = await judge.check(payload, {
    resourceLimit: options.limit ?? RESOURCE_LIMIT_DEFAULT,
    signal: options.signal,
  });
  const report = fileReport({ file, kind, bytes, judgement, ms: elapsed() });
  const source = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const certificate = judgement.type === "judged" ? judgement.certificate : undefined;
  return { report, source, ...(certificate === undefined ? {} : { certificate }) };
}
