import { blockDigest, type ChainParameters, toHex } from "@aethel/models";
import type { Checker } from "./checker.ts";

/**
 * Longest time, in milliseconds, that this checker allows between a node's reading of its clock and
 * its vote. In that time the node validates the block and writes to disk. A node that has just
 * started also asks the others what it signed before.
 */
const VOTING_MS = 8_000;

/**
 * Checks that an honest node's vote in view 0 is for a block whose timestamp is near the node's
 * clock: at most the clock precision ahead of it, and at most the drift, with some time for the
 * vote, behind it. Later views are not checked, since they may re-propose an old block. After a
 * crash, a pause, or a fault of its clock or disk, a node is not checked any more: its vote may be
 * older than it seems.
 */
export function createDatingChecker(
  parameters: Pick<ChainParameters, "clockPrecisionMs" | "maxDriftMs">,
): Checker {
  const { clockPrecisionMs, maxDriftMs } = parameters;
  const dates = new Map<string, number>();
  const disturbed = new Set<number>();
  /** Last sequence at which each node has voted in view 0. Further votes there are repetitions. */
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
