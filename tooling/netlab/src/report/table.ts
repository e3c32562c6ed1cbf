import type { CaseFigures } from "../cases/case.ts";
import type { WireCheck } from "../meter/check-wires.ts";

/** Result of one case with one number of validators. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly validators: number;
  readonly observers: number;
  /** Figures; the reason if the case failed. */
  readonly outcome:
    | { readonly type: "done"; readonly figures: CaseFigures; readonly relayLateMsMax: number }
    | { readonly type: "failed"; readonly reason: string };
}

const HEADINGS = [
  "case",
  "validators",
  "finality p50, p99",
  "proofs",
  "bytes for a final proof",
  "recovery, joining",
  "relay late",
  "faults",
];

/** Formats results as a Markdown table. */
export function resultTable(results: readonly CaseResult[]): string {
  const lines = results.map((result) => `| ${rowOf(result).join(" | ")} |`);
  return [`| ${HEADINGS.join(" | ")} |`, `|${" --- |".repeat(HEADINGS.length)}`, ...lines].join(
    "\n",
  );
}

function rowOf({ name, title, validators, observers, outcome }: CaseResult): readonly string[] {
  const start = [`${name}: ${title}`, `${validators} + ${observers}`];
  if (outcome.type === "failed") return [...start, "", "", "", "", "", `failed: ${outcome.reason}`];
  const { load, durations, faults } = outcome.figures;
  const finality = load?.finality;
  return [
    ...start,
    finality === undefined ? "none" : `${seconds(finality.p50)}, ${seconds(finality.p99)}`,
    load === undefined ? "" : `${load.sent - load.unfinished} of ${load.sent}`,
    load?.bytesPerProof === undefined ? "" : grouped(load.bytesPerProof),
    durations.map(({ name: what, ms }) => `${what}: ${seconds(ms)}`).join("; "),
    `${Math.round(outcome.relayLateMsMax)} ms`,
    faults.length === 0 ? "none" : faults.join("; "),
  ];
}

/** Formats the lab's measurements of itself as a Markdown table. */
export function wireTable(checks: readonly WireCheck[]): string {
  const lines = checks.map(
    (check) =>
      `| ${check.name} | ${rounded(check.measured)} | ${check.from} to ${check.to} | ${isWithin(check) ? "holds" : "FAILS"} |`,
  );
  return ["| wires | measured | bounds | |", "| --- | --- | --- | --- |", ...lines].join("\n");
}

/** Tells whether a measurement is within its bounds. */
export function isWithin({ measured, from, to }: WireCheck): boolean {
  return measured >= from && measured <= to;
}

function seconds(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms)
    ? "not within the bound"
    : `${(ms / 1_000).toFixed(2)} s`;
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ",");
}
