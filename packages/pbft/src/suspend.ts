import { type Draft, patch } from "./draft.ts";
import { considerProposing } from "./leader/lead.ts";
import { progress } from "./normal-case/progress.ts";
import { followViewChanges } from "./view-change/view-change.ts";

/**
 * The signing log failed, or works again. While it fails the replica follows without signing. What
 * was signed just before and is not durable counts as signed: it leaves when it is durable, which is
 * as if the network had delayed it, or never.
 */
export function onSigning(draft: Draft, possible: boolean): void {
  if (draft.state.suspended === !possible) return;
  patch(draft, { suspended: !possible });
  if (!possible || draft.state.phase === "committing") return;
  // What was not signed meanwhile and still makes sense.
  progress(draft);
  followViewChanges(draft);
  considerProposing(draft);
}
