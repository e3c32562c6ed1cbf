import { clockFindings } from "./clock.ts";
import type { Finding } from "./finding.ts";
import { peerFindings } from "./peers.ts";
import { progressFindings } from "./progress.ts";
import { signingFindings } from "./signing.ts";
import type { Situation } from "./situation.ts";

/**
 * Lists all findings of a situation, the most serious first. Empty if there is nothing to report.
 */
export function whyNothingIsFinal(situation: Situation): readonly Finding[] {
  return [
    ...replicaFindings(situation),
    ...peerFindings(situation),
    ...clockFindings(situation),
    ...signingFindings(situation),
    ...progressFindings(situation),
  ];
}

function replicaFindings({ consensus }: Situation): readonly Finding[] {
  if (consensus === undefined) return [];
  const { running, disk, noVerdict } = consensus;
  if (!running) {
    const next = "read the last lines of node.log, which name the error, then start the node again";
    return [
      { code: "stopped", message: "consensus has stopped and does not resume by itself", next },
    ];
  }
  if (noVerdict !== undefined) {
    const message = `a final block waits: the Judge gives no verdict on it: ${noVerdict}`;
    const next = "give the machine more memory or time; the node asks again each second";
    return [{ code: "no-verdict", message, next }];
  }
  if (disk === undefined) return [];
  const message = `this node signs nothing: writing to its disk fails: ${disk}`;
  const next = "free space or repair the disk; the node tries every second and resumes by itself";
  return [{ code: "disk", message, next }];
}
