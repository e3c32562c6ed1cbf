import { type AccountId, assertNever, type ConsensusMessage } from "@aethel/models";
import { onEarly } from "./catch-up.ts";
import { onCommit } from "./commit.ts";
import { type Draft, discard } from "./draft.ts";
import { considerProposing } from "./lead.ts";
import { onNewView } from "./new-view.ts";
import { onPrePrepare } from "./pre-prepare.ts";
import { onPrepare } from "./prepare.ts";
import { sequenceOf } from "./statement.ts";
import { armViewTimer } from "./timing.ts";
import { onViewChange } from "./view-change.ts";

/** Sends a message to the handler of its type, if it is about the sequence in hand. */
export function onMessage(
  draft: Draft,
  message: ConsensusMessage,
  from: AccountId | undefined,
): void {
  const known = draft.state.evidence;
  dispatch(draft, message, from);
  if (draft.state.evidence === known) return;
  // Fresh evidence is a reason for a block of its own.
  armViewTimer(draft);
  considerProposing(draft);
}

function dispatch(draft: Draft, message: ConsensusMessage, from: AccountId | undefined): void {
  const at = sequenceOf(message);
  const { sequence } = draft.state;
  if (at < sequence) return onOld(draft, message, from);
  if (at > sequence) return onEarly(draft, message, from);
  switch (message.type) {
    case "pre-prepare":
      return onPrePrepare(draft, message);
    case "prepare":
      return onPrepare(draft, message);
    case "commit":
      return onCommit(draft, message);
    case "view-change":
      return onViewChange(draft, message);
    case "new-view":
      return onNewView(draft, message);
    default:
      return assertNever(message);
  }
}

/**
 * Its sender may be stuck where we have finished: it is told, and fetches the block with its
 * certificate. Votes for the head itself are merely late.
 */
function onOld(draft: Draft, message: ConsensusMessage, from: AccountId | undefined): void {
  const known = draft.state.head.header.sequence;
  discard(draft, message.type, "old-sequence");
  const late = sequenceOf(message) === known && message.type !== "view-change";
  if (from !== undefined && !late) draft.effects.push({ type: "tell-head", to: from, known });
}
