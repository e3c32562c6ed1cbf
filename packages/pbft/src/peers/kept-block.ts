import { type FinalizedBlock, type Sequence, toSequence } from "@aethel/models";
import type { Application } from "../ports.ts";
import type { ServedApplication } from "./serve.ts";

/**
 * Wraps the reads of final blocks so that the highest block that was read is kept in memory. All
 * peers that are one block behind request items of the head's block, and each request would
 * otherwise read the whole block.
 */
export function keepHighest(application: Application): ServedApplication {
  let kept: { sequence: Sequence; block: Promise<FinalizedBlock | undefined> } | undefined;
  const read = (sequence: Sequence): Promise<FinalizedBlock | undefined> => {
    const block = application.finalized(sequence);
    if (sequence < (kept?.sequence ?? 0)) return block;
    const own = { sequence, block };
    kept = own;
    const forget = (): void => {
      if (kept === own) kept = undefined;
    };
    // What is not there now may be there later.
    block.then((found) => found ?? forget(), forget);
    return block;
  };
  return {
    header: (sequence) => application.header(sequence),
    oldest: () => application.oldest?.() ?? toSequence(1),
    updates: (after) => application.updates?.(after) ?? Promise.resolve([]),
    snapshots: application.snapshots,
    finalized: (sequence) => (kept?.sequence === sequence ? kept.block : read(sequence)),
  };
}
