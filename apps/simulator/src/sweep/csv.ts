import type { Axis, Point } from "./axes.ts";
import type { SweptWorld } from "./sweep-worlds.ts";

const FIGURES = [
  "seed",
  "blocks",
  "highest_block",
  "proofs",
  "view_changes",
  "finality_p50_ms",
  "finality_p99_ms",
  "finality_samples",
  "messages_sent",
  "messages_delivered",
  "messages_lost",
  "requests",
  "evidence",
  "violated",
  "log_sha256",
] as const;

/** Formats the first line: the varied options, then the measured figures. */
export function csvHead(axes: readonly Axis[]): string {
  return [...axes.map(({ name }) => name), ...FIGURES].join(",");
}

/**
 * Formats the line of a world. No value has a comma, a quote or a line break, so none is quoted.
 */
export function csvRow(world: SweptWorld, point: Point | undefined): string {
  const values = [...(point?.values ?? []), world.seed];
  if (world.type !== "held") {
    const checker = world.type === "violated" ? world.fault.checker : "broken";
    return [...values, ...Array.from({ length: 12 }, () => ""), checker, ""].join(",");
  }
  const { report } = world;
  const { finalityMs, messages } = report;
  const evidence = Object.values(report.evidence).reduce((sum, count) => sum + count, 0);
  return [
    ...values,
    report.lowestSequence,
    report.highestSequence,
    report.proofs,
    report.viewChanges,
    finalityMs.p50,
    finalityMs.p99,
    finalityMs.samples,
    messages.sent,
    messages.delivered,
    messages.lost,
    messages.requests,
    evidence,
    "",
    report.logDigest,
  ].join(",");
}
