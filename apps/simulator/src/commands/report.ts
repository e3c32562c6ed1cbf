import { toHex } from "@aethel/models";
import { group } from "@aethel/terminal";
import type { TestNetwork, WorldReport } from "@aethel/testkit";
import Table from "cli-table3";
import { seconds, wrap } from "../output/format.ts";

/** Report of a world (a simulated network), with measured times. */
export interface Measured {
  readonly report: WorldReport;
  /**
   * Virtual milliseconds from the end of the faults to the required progress; undefined after an
   * interruption.
   */
  readonly progressMs: number | undefined;
  readonly realMs: number;
}

/** Describes a finished world in 80 columns. */
export function describeReport(network: TestNetwork, measured: Measured): readonly string[] {
  const { report, progressMs, realMs } = measured;
  const { messages, finalityMs } = report;
  const rows: readonly (readonly [string, string])[] = [
    ["virtual time", `${seconds(report.virtualMs)} in ${seconds(realMs)} real`],
    [
      "steps",
      `${group(report.steps)}, ${group(Math.round((report.steps / realMs) * 1_000))} a second; every checker ran after each`,
    ],
    [
      "finalized sequences",
      `${report.highestSequence} (slowest honest node ${report.lowestSequence})`,
    ],
    ["proofs in them", group(report.proofs)],
    ["view changes", `${group(report.viewChanges)}, counted at each honest node`],
    [
      "finality, virtual ms",
      `p50 ${finalityMs.p50}, p99 ${finalityMs.p99} (${group(finalityMs.samples)} samples)`,
    ],
    [
      "messages",
      `${group(messages.sent)} sent, ${group(messages.delivered)} delivered, ${group(messages.lost)} lost, ${group(messages.discarded)} discarded; ${group(messages.requests)} requests`,
    ],
    ["evidence", describeEvidence(report.evidence)],
    [
      "progress after healing",
      progressMs === undefined ? "interrupted: none was demanded" : `${progressMs} ms`,
    ],
    ["heads of honest nodes", describeHeads(network)],
  ];
  const table = new Table({
    colWidths: [24, 53],
    wordWrap: true,
    chars: PLAIN,
    style: { head: [], border: [] },
  });
  table.push(...rows.map((row) => [...row]));
  return [
    table.toString(),
    `Log: sha256 ${report.logDigest}`,
    wrap(`Held after every step: ${network.checkers.map(spoken).join(", ")}.`),
  ];
}

const PLAIN = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Returns the name of a checker without hyphens. */
function spoken(checker: string): string {
  return checker.replaceAll("-", " ");
}

function describeEvidence(evidence: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(evidence).toSorted(([left], [right]) => (left < right ? -1 : 1));
  if (kinds.length === 0) return "none";
  return kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function describeHeads(network: TestNetwork): string {
  const heads = new Map<string, number>();
  for (const { isByzantine, head } of network.nodes) {
    if (isByzantine) continue;
    const name = `${head.header.sequence} ${toHex(head.header.application).slice(0, 12)}`;
    heads.set(name, (heads.get(name) ?? 0) + 1);
  }
  return [...heads].map(([name, count]) => `${count} at ${name}`).join(", ");
}
