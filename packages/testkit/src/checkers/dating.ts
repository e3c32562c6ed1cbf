import { blockDigest, type ChainParameters, toHex } from "@aethel/models";
import type { Checker } from "./checker.ts";

/**
 * Longest time between reading the clock and the vote: validation, writing, and the questions of a
 * start.
 */
const VOTING_MS = 8_000;

/**
 * Checks that no honest node votes in view 0 for a block dated further ahead of its clock than
 * clocks differ, or further behind it than proposals may be late. Later views may propose an old
 * block again. A node that was crashed, paused, or had its clock or disk disturbed is not checked
 * afterwards: its vote may be older than it seems.
 */
export function createDatingChecker(
  parameters: Pick<ChainParameters, "clockPrecisionMs" | "maxDriftMs">,
): Checker {
  const { clockPrecisionMs, maxDriftMs } = parameters;
  const dates = new Map<string, number>();
  const disturbed = new Set<number>();
  /** Last sequence that each node has voted for in view 0; later votes there are repetitions. */
  const voted = new Map<number, number>();
  return {
    name: "dating",
    observe: (observation) => {
      const { node, type } = observation;
      if (type === "disturbed") disturbed.add(node);
      if (type === "verified") {
        const { header } = observation.block;
        dates.set(toHex(blockDigest(header)), header.timestamp);
      }
      if (type === "applied") dates.delete(toHex(observation.finalized.certificate.digest));
      if (type !== "said" || disturbed.has(node)) return undefined;
      const { message, clockMs } = observation;
      if (message.type !== "prepare" || message.view !== 0 || clockMs === undefined) {
        return undefined;
      }
      if ((voted.get(node) ?? 0) >= message.sequence) return undefined;
      voted.set(node, message.sequence);
      const date = dates.get(toHex(message.digest));
      if (date === undefined) return undefined;
      const aheadMs = date - clockMs;
      if (aheadMs <= clockPrecisionMs && aheadMs >= -maxDriftMs - VOTING_MS) return undefined;
      return `node ${node} voted at sequence ${message.sequence} for a block dated ${aheadMs} ms ahead of its clock`;
    },
  };
}
