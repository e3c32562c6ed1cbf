import { equalBytes } from "@aethel/models";
import type { State } from "../state.ts";

/**
 * Whether another voter will not vote for the block of this view, which is overdue: it has given the
 * view up, or votes for another block of a leader that told two. A quorum may then never come
 * together, and would be waited for until the time-out. One voter alone achieves nothing by it while
 * blocks become final as fast as usual.
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
