import type { Judgement, JudgePayload } from "@aethel/verifier";
import { compileSource, renderDiagnostic } from "@aethel/verifier";
import type { JudgedFile } from "./report.ts";

/** What a file claims, by its name's end. */
export type FileKind = "publish" | "theorem";

/** `.ae`: intents to publish; `.smt2`: a theorem; anything else is not for the Judge. */
export function kindOf(file: string): FileKind | undefined {
  if (file.endsWith(".ae")) return "publish";
  if (file.endsWith(".smt2")) return "theorem";
  return undefined;
}

/** What the Judge is given for a file's bytes. */
export function payloadOf(
  kind: FileKind,
  bytes: Uint8Array,
  { privileged }: { readonly privileged: boolean },
): JudgePayload {
  if (kind === "theorem") return { type: "theorem", script: bytes };
  return { type: "publish", source: bytes, privileged };
}

/** A file that never reached the solver. */
export function rejectedFile(options: {
  readonly file: string;
  readonly kind?: FileKind;
  readonly ms: number;
  readonly reason: string;
}): JudgedFile {
  const { file, kind = "unknown", ms, reason } = options;
  return { file, kind, verdict: "rejected", difficulty: 0, resource: 0, ms, reason };
}

/** One file's report. An abstention is `unknown`: nothing is said about the proof. */
export function fileReport(options: {
  readonly file: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly judgement: Judgement;
  readonly ms: number;
}): JudgedFile {
  const { file, kind, bytes, judgement, ms } = options;
  switch (judgement.type) {
    case "rejected":
      return rejectedFile({ file, kind, ms, reason: rejectionReason(kind, bytes, judgement) });
    case "abstained":
      return {
        ...rejectedFile({ file, kind, ms, reason: `no verdict: ${judgement.reason}` }),
        verdict: "unknown",
      };
    case "judged": {
      const { verdict, difficulty, resource, reason, counterexample, notes } = judgement;
      return {
        file,
        kind,
        verdict,
        difficulty,
        resource,
        ms,
        ...(reason === undefined ? {} : { reason }),
        ...(counterexample === undefined ? {} : { counterexample }),
        ...(notes.length === 0 ? {} : { notes }),
      };
    }
  }
}

/** For a source, with the line and a caret under the place; else code and message. */
function rejectionReason(
  kind: FileKind,
  bytes: Uint8Array,
  judgement: Extract<Judgement, { type: "rejected" }>,
): string {
  if (kind === "publish") {
    const compiled = compileSource(bytes, { privileged: true });
    if (!compiled.ok) {
      const source = new TextDecoder().decode(bytes);
      return compiled.diagnostics.map((each) => renderDiagnostic(source, each)).join("\n");
    }
  }
  return judgement.diagnostics
    .map(({ code, message, span }) => {
      const place = span === undefined ? "" : `${span.start.line}:${span.start.column} `;
      return `${place}${code}: ${message}`;
    })
    .join("\n");
}
