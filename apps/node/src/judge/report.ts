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
  /**
   * Trust of a `valid`: the kernel checked a certificate, or only the solver answered; absent for
   * other verdicts.
   */
  readonly trust?: NonNullable<Judged["trust"]>;
  /**
   * Present if the solver proved an intent and no certificate was found. The verdict is then
   * `unknown`.
   */
  readonly code?: NonNullable<Judged["code"]>;
  /** Bytes of the certificate, which `--certificate` writes; absent without one. */
  readonly certificateBytes?: number;
  readonly difficulty: number;
  /** Units of solver work. */
  readonly resource: number;
  /** Bytes that were judged; 0 if the file was not given to the Judge. */
  readonly bytes: number;
  /**
   * Milliseconds of judging, without the wait for a worker. For a file that was not judged:
   * milliseconds until that was known.
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

/**
 * Report, with the source to which its lines and columns refer, and the certificate if there is
 * one.
 */
export interface Explained {
  readonly report: JudgedFile;
  readonly source: string;
  readonly certificate?: Uint8Array;
}

/** Formats a line of `aethel judge --json`. */
export function toJsonLine(report: JudgedFile): string {
  return JSON.stringify({ ...report, ms: Math.round(report.ms * 10) / 10 });
}
