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
 * Finds a defect of a block that is visible without execution: the block does not follow on this
 * state, or its body does not match its header. The check is cheap, so it is made before any proof
 * is judged. Returns undefined if there is no such defect.
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
 * Latest timestamp of a block, in milliseconds. Adding any duration to it stays below 2^53. The
 * timestamp rules of consensus are far stricter.
 */
const LATEST = 2 ** 52;

/**
 * Returns the earliest timestamp of the next block: the parent's plus the minimum block interval.
 */
export function earliestTimestamp(state: LedgerState): Timestamp {
  return toTimestamp(state.header.timestamp + state.parameters.minBlockIntervalMs);
}
