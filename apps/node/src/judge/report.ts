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
   * Basis of the verdict `valid`: the kernel checked a certificate, or only the solver answered.
   * Absent for other verdicts.
   */
  readonly trust?: NonNullable<Judged["trust"]>;
  /**
   * Present if the solver proved an intent but no certificate was found. The verdict is then
   * `unknown`.
   */
  readonly code?: NonNullable<Judged["code"]>;
  /** Bytes of the certificate, which the option `--certificate` writes. Absent if there is none. */
  readonly certificateBytes?: number;
  readonly difficulty: number;
  /** Units of solver work. */
  readonly resource: number;
  /** Bytes that were judged. 0 if the file was not passed to the Judge. */
  readonly bytes: number;
  /**
   * Milliseconds of judging, without the wait for a worker. For a file that was not judged, the
   * milliseconds until this was clear.
   */
  readonly ms: number;
  readonly reason?: string;
  /**
   * Obligations (formulas to prove) of a judged source, in the order in which they were checked.
   * Absent for other files.
   */
  readonly obligations?: readonly ObligationReport[];
  /** Diagnostics of a rejected file: errors with their places. Absent for other files. */
  readonly diagnostics?: readonly JudgeDiagnostic[];
  /** Counterexample of the first refuted obligation, or of the theorem. Absent if there is none. */
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
