import { equalBytes } from "@aethel/models";
import type { State } from "../state.ts";

/**
 * Whether the block of this view is overdue and another voter will not vote for it, because that
 * voter has requested a later view or has voted for another block of an equivocating leader. A
 * quorum may then never be reached, and waiting for the time-out is of no use. While blocks become
 * final as fast as usual, no block is overdue, so a single faulty voter cannot end a view in this
 * way.
 */
export function isDisputed(state: State): boolean {
  const { pace, viewChanges, prepares, proposal, view } = state;
  if (!pace.overdue || state.phase !== "active") return false;
  for (const asked of viewChanges.tally.keys()) if (asked > view) return true;
  const digest = proposal?.proposal.digest;
  return prepares.tally.some(
    (entry) => entry.view === view && digest !== undefined && !equalBytes(entry.digest, digest),
  );
}
