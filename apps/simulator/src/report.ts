import { toHex } from "@aethel/models";
import type { TestNetwork, WorldReport } from "@aethel/testkit";
import Table from "cli-table3";

/** What was measured beside the world's own counts. */
export interface Measured {
  readonly report: WorldReport;
  /** Virtual time from the end of the faults to the progress that was demanded. */
  readonly progressMs: number;
  readonly realMs: number;
}

/** A finished world, for people. */
export function describeReport(network: TestNetwork, measured: Measured): readonly string[] {
  const { report, progressMs, realMs } = measured;
  const { messages, finalityMs } = report;
  const rows: readonly (readonly [string, string])[] = [
    ["virtual time", `${(report.virtualMs / 1_000).toFixed(1)} s in ${seconds(realMs)} real`],
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
    ["progress after healing", `${progressMs} ms`],
    ["heads of honest nodes", describeHeads(network)],
    ["event log", `sha256 ${report.logDigest}`],
  ];
  const table = new Table({ chars: PLAIN, style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  return [
    table.toString(),
    "Held after every step: agreement, sequence, certificates, double signing, judging, accusation, conservation, validity.",
  ];
}

const PLAIN = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

function describeEvidence(evidence: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(evidence).toSorted(([left], [right]) => (left < right ? -1 : 1));
  if (kinds.length === 0) return "none";
  return kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
}

function describeHeads(network: TestNetwork): string {
  const heads = new Map<string, number>();
  for (const { isByzantine, head } of network.nodes) {
    if (isByzantine) continue;
    const name = `${head.header.sequence} ${toHex(head.header.stateRootAfter).slice(0, 12)}`;
    heads.set(name, (heads.get(name) ?? 0) + 1);
  }
  return [...heads].map(([name, count]) => `${count} at ${name}`).join(", ");
}

function group(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
