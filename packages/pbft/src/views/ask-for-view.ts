import { assert, toView, type View } from "@aethel/models";
import type { ViewChangeCause } from "../effect.ts";
import { type State, signingIndex } from "../state.ts";
import { patch, report, type StepContext } from "../step-context.ts";
import { disarmViewTimer, startResend } from "../timing/timing.ts";

/**
 * Requests a later view. From now on this replica signs nothing at the sequence in a view below
 * `view`, even after a restart: the request is durable before it is sent.
 */
export function askForView(context: StepContext, view: View, cause: ViewChangeCause): void {
  const { state } = context;
  const me = signingIndex(state);
  if (me === undefined || state.phase === "committing" || state.committed !== undefined) return;
  assert(view > state.view, "a view change goes forward");
  const { head, sequence, prepared } = state;
  assert(prepared === undefined || prepared.view < view, "a lock is older than the view asked for");
  const body = {
    validators: head.validators.hash,
    sequence,
    newView: view,
    parent: head.digest,
    prepared: prepared && { view: prepared.view, digest: prepared.digest },
  };
  disarmViewTimer(context);
  context.effects.push({
    type: "persist",
    entries: [{ type: "view-change", body, prepareCertificate: prepared }],
  });
  patch(context, { view, phase: "changing", proposal: undefined, proposing: undefined });
  context.effects.push({
    type: "sign-and-send",
    statement: {
      type: "view-change",
      body,
      voter: me,
      parentCertificate: head.certificate,
      prepareCertificate: prepared,
    },
  });
  report(context, { type: "view-changed", sequence, view, cause });
  startResend(context);
}

/** Returns the view after the current one. */
export function nextView(state: State): View {
  return toView(state.view + 1);
}
