import { assert, type View } from "@aethel/models";
import type { ViewChangeCause } from "../effect.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { armViewTimer, disarmViewTimer } from "../timing/timing.ts";

/** Begins to vote in a view, because of a NewView or a certificate of that view. */
export function enterView(context: StepContext, view: View, cause: ViewChangeCause): void {
  const { state } = context;
  assert(view >= state.view, "views of one sequence never go back");
  assert(state.phase !== "committing", "a decided sequence changes no views");
  if (view === state.view && state.phase === "active") return;
  const moved = view > state.view;
  // The timer of a view that was waited for runs on: a late NewView must not buy its leader time.
  if (moved) disarmViewTimer(context);
  patch(context, {
    view,
    phase: "active",
    ...(moved ? { proposal: undefined, proposing: undefined } : {}),
  });
  armViewTimer(context);
  report(context, { type: "view-changed", sequence: state.sequence, view, cause });
}
