import type {
  Counterexample,
  JudgeDiagnostic,
  Judged,
  ObligationReport,
  TheoremCounterexample,
} from "@aethel/verifier";
import type { FileKind } from "./file-kind.ts";

/** Report on one file; the object that `--json` prints. */
export interface JudgedFile {
  readonly file: string;
  readonly kind: FileKind | "unknown";
  readonly verdict: "valid" | "refuted" | "unknown" | "rejected";
  /** Basis of a `valid`: the kernel checked a certificate, or the solver said so alone. */
  readonly trust?: NonNullable<Judged["trust"]>;
  /** Present when the solver proved it and no certificate was found: it is `unknown`. */
  readonly code?: NonNullable<Judged["code"]>;
  /** Size of the certificate; `--certificate` writes it. */
  readonly certificateBytes?: number;
  readonly difficulty: number;
  /** Units of solver work. */
  readonly resource: number;
  /** Bytes that were judged; 0 when the file could not be read. */
  readonly bytes: number;
  /** Time of judging, waiting for a worker apart; of a file that was not judged, of reading it. */
  readonly ms: number;
  readonly reason?: string;
  /** Obligations of a source that was judged, in the order of checking. */
  readonly obligations?: readonly ObligationReport[];
  /** Diagnostics of a rejected file: faults and places. */
  readonly diagnostics?: readonly JudgeDiagnostic[];
  /** Counterexample of the first refuted obligation, or of the theorem. */
  readonly counterexample?: Counterexample | TheoremCounterexample;
  readonly notes?: readonly string[];
}

/** A report, the text that its places are in, and the certificate if there is one. */
export interface Explained {
  readonly report: JudgedFile;
  readonly source: string;
  readonly certificate?: Uint8Array;
}

/** One line of `aethel judge --json`. */
export function toJsonLine(report: JudgedFile): string {
  return JSON.stringify({ ...report, ms: Math.round(report.ms * 10) / 10 });
}
