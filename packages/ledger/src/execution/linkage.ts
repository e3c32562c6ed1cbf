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
 * Finds defects of a block that show without execution: its place in the chain, and a body that is
 * not the header's. The check is cheap, so it comes before any judging.
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
 * Latest timestamp of a block, so that adding any duration still gives a date. Consensus bounds
 * timestamps far more tightly.
 */
const LATEST = 2 ** 52;

/** Earliest timestamp of the next block: the parent's plus the minimum block interval. */
export function earliestTimestamp(state: LedgerState): Timestamp {
  return toTimestamp(state.header.timestamp + state.parameters.minBlockIntervalMs);
}
