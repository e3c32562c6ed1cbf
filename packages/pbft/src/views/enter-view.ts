import { assert, type View } from "@aethel/models";
import { type Draft, patch, report } from "../draft.ts";
import type { ViewChangeCause } from "../effect.ts";
import { armViewTimer, disarmViewTimer } from "../timing/timing.ts";

/** Begins to vote in a later view, which a NewView or a certificate of that view justifies. */
export function enterView(draft: Draft, view: View, cause: ViewChangeCause): void {
  const { state } = draft;
  assert(view >= state.view, "views of one sequence never go back");
  assert(state.phase !== "committing", "a decided sequence changes no views");
  if (view === state.view && state.phase === "active") return;
  const moved = view > state.view;
  // The timer of a view that was waited for runs on: a late NewView must not buy its leader time.
  if (moved) disarmViewTimer(draft);
  patch(draft, {
    view,
    phase: "active",
    ...(moved ? { proposal: undefined, proposing: undefined } : {}),
  });
  armViewTimer(draft);
  report(draft, { type: "view-changed", sequence: state.sequence, view, cause });
}
