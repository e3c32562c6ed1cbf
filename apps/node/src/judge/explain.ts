import { count } from "@aethel/terminal";
import type { JudgeDiagnostic, ObligationReport } from "@aethel/verifier";
import { colour } from "../terminal/colour.ts";
import { wrap } from "../terminal/format.ts";
import { visible } from "../terminal/visible.ts";
import { isOfContract } from "./contract-matrix.ts";
import { counterexampleTable } from "./counterexample-table.ts";
import { excerpt } from "./excerpt.ts";
import type { Explained } from "./report.ts";

/** Level of detail of the explanation of one file. */
export interface Detail {
  readonly width: number;
  /** Most obligations or diagnostics that are explained. The others are only counted. */
  readonly most: number;
  /** Whether notes are shown. If not, a hint at the option `--obligations` is shown. */
  readonly isAll: boolean;
}

/** Explains why a file is not valid. For a valid file, lists the notes. */
export function explain({ report, source }: Explained, detail: Detail): readonly string[] {
  const { verdict, obligations, diagnostics, reason, counterexample, notes = [] } = report;
  const noted = detail.isAll ? [...trustNotes(report), ...notes] : [];
  const dimmed = noted
    .flatMap((note) => wrap(`note: ${visible(note)}`, detail.width))
    .map((line) => colour.dim(line));
  if (verdict === "valid") return dimmed;
  if (diagnostics !== undefined) {
    return several(diagnostics, detail, (one) => explainDiagnostic(one, source, detail.width));
  }
  const failed = obligations?.filter((one) => one.verdict !== "valid") ?? [];
  if (failed.length > 0) {
    const reached = failed.filter((one) => !isUnreached(one));
    // Refuted ones first: an undecided one may be true.
    const sorted = [
      ...reached.filter((one) => one.verdict === "refuted"),
      ...reached.filter((one) => one.verdict !== "refuted"),
    ];
    const lines = several(sorted, detail, (one) => explainObligation(one, source, detail.width));
    const left = failed.length - reached.length;
    const tail = `the limit was spent before ${count(left, "other obligation")} could be checked`;
    const all = left === 0 ? lines : [...lines, ...wrap(tail, detail.width)];
    // The notes name what a contract does not promise, so they are shown with every verdict.
    return isOfContract(report) && dimmed.length > 0 ? [...all, "", ...dimmed] : all;
  }
  return [
    ...wrap(visible(withAdvice(reason ?? verdict)), detail.width),
    ...(counterexample === undefined
      ? []
      : indent(counterexampleTable(counterexample, detail.width - 2))),
    ...dimmed,
  ];
}

/** Returns a note on the trust of a `valid` file; none for other verdicts. */
function trustNotes({ verdict, trust, certificateBytes }: Explained["report"]): readonly string[] {
  if (verdict !== "valid") return [];
  if (trust === "certified") {
    return [`certified: the kernel checked a certificate of ${certificateBytes ?? 0} bytes`];
  }
  return ["solver: the solver proved it and no certificate was found; on a chain it mints nothing"];
}

function several<T>(
  all: readonly T[],
  { most, isAll }: Detail,
  show: (one: T) => readonly string[],
): readonly string[] {
  const hint = isAll ? "" : ": --obligations shows all";
  const lines = all
    .slice(0, most)
    .flatMap((one, at) => (at === 0 ? show(one) : ["", ...show(one)]));
  const rest = all.length - most;
  return rest > 0 ? [...lines, colour.dim(`and ${rest} more${hint}`)] : lines;
}

function explainDiagnostic(
  { code, message, span }: JudgeDiagnostic,
  source: string,
  width: number,
): readonly string[] {
  // A file that is not text has no excerpt.
  const isText = !source.includes("\u{fffd}");
  const place = span === undefined || !isText ? [] : excerpt(source, span, width);
  const advice = code === "privileged" ? " (--privileged judges it as part of a genesis)" : "";
  return [...wrap(visible(`${code}: ${message}${advice}`), width), ...place];
}

function explainObligation(
  report: ObligationReport,
  source: string,
  width: number,
): readonly string[] {
  const { kind, intent, label, span, reason, counterexample, contradiction = [] } = report;
  const { advice } = report;
  const title = wrap(visible(`${kind} of ${intent}: ${label}`), width);
  const told = title.map((line) => colour.bold(line));
  if (contradiction.length > 0) {
    const clauses = count(contradiction.length, "clause");
    const why =
      contradiction.length === 1
        ? "it can never run, since this guard can never hold:"
        : `it can never run, since these ${clauses} of the guard contradict each other:`;
    const places = contradiction.flatMap((clause) => excerpt(source, clause.span, width));
    return [...told, ...wrap(why, width), ...places];
  }
  return [
    ...told,
    ...excerpt(source, span, width),
    ...wrap(visible(withAdvice(reason ?? "not decided")), width),
    ...(counterexample === undefined ? [] : indent(counterexampleTable(counterexample, width - 2))),
    ...(advice === undefined ? [] : wrap(visible(`next: ${advice}`), width)),
  ];
}

/**
 * Tells whether an obligation was not checked because earlier ones had used up the resource limit.
 */
function isUnreached({ verdict, resource, reason }: ObligationReport): boolean {
  return verdict === "unknown" && resource === 0 && reason === LIMIT_SPENT;
}

const LIMIT_SPENT = "resource limit";

function withAdvice(reason: string): string {
  return reason === LIMIT_SPENT ? "not decided within the limit: --limit allows more" : reason;
}

function indent(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === "" ? line : `  ${line}`));
}
