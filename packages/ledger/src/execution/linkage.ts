import {
  type Block,
  equalBytes,
  findBodyDefect,
  type Timestamp,
  toTimestamp,
} from "@aethel/models";
import type { LedgerState } from "../state/ledger-state.ts";
import type { BlockDefect } from "./block-defect.ts";

/**
 * What can be said of a block without executing it: its place in the chain, and that the body is
 * the header's. Cheap, so it comes before any judging.
 */
export function findLinkageDefect(state: LedgerState, block: Block): BlockDefect | undefined {
  const { header } = block;
  if (!equalBytes(header.chain, state.chain)) return { code: "chain" };
  const expected = state.header.sequence + 1;
  if (header.sequence !== expected) {
    return { code: "sequence", expected, actual: header.sequence };
  }
  if (!equalBytes(header.parent, state.digest)) return { code: "parent" };
  const earliest = earliestTimestamp(state);
  if (header.timestamp < earliest || header.timestamp > LATEST) {
    return { code: "timestamp", earliest, latest: LATEST, actual: header.timestamp };
  }
  const defect = findBodyDefect(block);
  return defect === undefined ? undefined : { code: "body", defect };
}

/** With any duration on top, it is still a date. Consensus keeps far closer to the clock. */
const LATEST = 2 ** 52;

/** The parent's timestamp plus the minimum block interval. */
export function earliestTimestamp(state: LedgerState): Timestamp {
  return toTimestamp(state.header.timestamp + state.parameters.minBlockIntervalMs);
}
