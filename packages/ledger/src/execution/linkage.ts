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
 * Finds defects of a block that are visible without execution: it does not follow on this state, or
 * its body does not match its header. The check is cheap, so it comes before judging. Undefined if
 * there is none.
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

/**
 * Latest timestamp of a block, in milliseconds. It leaves enough below 2^53 to add any duration.
 * Consensus bounds timestamps far more tightly.
 */
const LATEST = 2 ** 52;

/**
 * Returns the earliest timestamp of the next block: the parent's plus the minimum block interval.
 */
export function earliestTimestamp(state: LedgerState): Timestamp {
  return toTimestamp(state.header.timestamp + state.parameters.minBlockIntervalMs);
}
