import { considerProposing } from "./leader/lead.ts";
import { progress } from "./normal-case/progress.ts";
import { patch, type StepContext } from "./step-context.ts";
import { followViewChanges } from "./view-change/view-change.ts";

/**
 * Handles that the signing log failed, or works again. While it fails, the replica follows without
 * signing. A statement that was already given to the driver, but is not durable yet, counts as
 * signed. It is sent when it becomes durable, as if the network had delayed it, or never.
 */
export function onSigning(context: StepContext, possible: boolean): void {
  if (context.state.suspended === !possible) return;
  patch(context, { suspended: !possible });
  if (!possible || context.state.phase === "committing") return;
  // What was not signed meanwhile and still makes sense.
  progress(context);
  followViewChanges(context);
  considerProposing(context);
}
