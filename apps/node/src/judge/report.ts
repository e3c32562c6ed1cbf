import type {
  Counterexample,
  JudgeDiagnostic,
  Judged,
  ObligationReport,
  TheoremCounterexample,
} from "@aethel/verifier";
import type { FileKind } from "./file-kind.ts";

/** Report on a file; `--json` prints it. */
export interface JudgedFile {
  readonly file: string;
  readonly kind: FileKind | "unknown";
  readonly verdict: "valid" | "refuted" | "unknown" | "rejected";
  /** Trust of a `valid`: the kernel checked a certificate, or only the solver answered. */
  readonly trust?: NonNullable<Judged["trust"]>;
  /**
   * Present if the solver proved an intent and no certificate was found. The verdict is then
   * `unknown`.
   */
  readonly code?: NonNullable<Judged["code"]>;
  /** Size of the certificate; `--certificate` writes it. */
  readonly certificateBytes?: number;
  readonly difficulty: number;
  /** Units of solver work. */
  readonly resource: number;
  /** Bytes that were judged; 0 when the file could not be read. */
  readonly bytes: number;
  /**
   * Time of judging without waiting for a worker; for a file that was not judged, time of reading.
   */
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

/** Report with the source that its places refer to, and the certificate if there is one. */
export interface Explained {
  readonly report: JudgedFile;
  readonly source: string;
  readonly certificate?: Uint8Array;
}

/** Formats a line of `aethel judge --json`. */
export function toJsonLine(report: JudgedFile): string {
  return JSON.stringify({ ...report, ms: Math.round(report.ms * 10) / 10 });
}
