import { equalBytes } from "@aethel/models";
import type { State } from "../state.ts";

/**
 * Whether the block of this view is overdue and another voter will not vote for it: that voter has
 * asked for a later view, or votes for another block of an equivocating leader. Then a quorum may
 * never come together, and waiting for the time-out helps nobody. One faulty voter alone cannot end
 * a view in this way while blocks become final as fast as usual, since no block is overdue then.
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
