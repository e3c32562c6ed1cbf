import type { JudgeDiagnostic, Judgement, JudgePayload } from "@aethel/verifier";
import type { FileKind } from "./file-kind.ts";
import type { JudgedFile } from "./report.ts";

/** Builds the payload for the Judge from the bytes of a file. */
export function payloadOf(
  kind: FileKind,
  bytes: Uint8Array,
  { privileged }: { readonly privileged: boolean },
): JudgePayload {
  if (kind === "theorem") return { type: "theorem", script: bytes };
  return { type: "publish", source: bytes, privileged };
}

/** Creates the report on a file that was not passed to the Judge. Its verdict is `rejected`. */
export function rejectedFile(options: {
  readonly file: string;
  readonly kind?: FileKind | undefined;
  readonly bytes?: Uint8Array;
  readonly ms: number;
  readonly reason: string;
}): JudgedFile {
  const { file, kind = "unknown", bytes, ms, reason } = options;
  const size = bytes?.length ?? 0;
  return { file, kind, verdict: "rejected", difficulty: 0, resource: 0, bytes: size, ms, reason };
}

/**
 * Creates the report on a file that was passed to the Judge. If the Judge abstained, the verdict is
 * `unknown`.
 */
export function fileReport(options: {
  readonly file: string;
  readonly kind: FileKind;
  readonly bytes: Uint8Array;
  readonly judgement: Judgement;
  /** Milliseconds to report if the judgement itself has no time. */
  readonly ms: number;
}): JudgedFile {
  const { file, kind, bytes, judgement } = options;
  switch (judgement.type) {
    case "rejected": {
      const { diagnostics, milliseconds: ms } = judgement;
      const reason = diagnostics.map(renderOnOneLine).join("\n");
      return { ...rejectedFile({ file, kind, bytes, ms, reason }), diagnostics };
    }
    case "abstained": {
      const reason = ABSTAINED[judgement.reason];
      return { ...rejectedFile({ ...options, reason }), verdict: "unknown" };
    }
    case "judged": {
      const { verdict, difficulty, resource, reason, counterexample, notes } = judgement;
      const { trust, code, certificate } = judgement;
      return {
        file,
        kind,
        verdict,
        ...(trust === undefined ? {} : { trust }),
        ...(code === undefined ? {} : { code }),
        ...(certificate === undefined ? {} : { certificateBytes: certificate.length }),
        difficulty,
        resource,
        bytes: bytes.length,
        ms: judgement.milliseconds,
        ...(reason === undefined ? {} : { reason }),
        ...(kind === "publish" ? { obligations: judgement.obligations } : {}),
        ...(counterexample === undefined ? {} : { counterexample }),
        ...(notes.length === 0 ? {} : { notes }),
      };
    }
  }
}

/** Formats a diagnostic as `3:14 syntax: expected ...`. */
function renderOnOneLine({ code, message, span }: JudgeDiagnostic): string {
  const place = span === undefined ? "" : `${span.start.line}:${span.start.column} `;
  return `${place}${code}: ${message}`;
}

const ABSTAINED = {
  watchdog: "no verdict: judging took too long and was ended",
  crash: "no verdict: the solver crashed",
  aborted: "no verdict: judging was interrupted",
  overloaded: "no verdict: too many files wait",
} as const;
