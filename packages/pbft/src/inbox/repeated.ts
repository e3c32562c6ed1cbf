import { type ConsensusMessage, equalBytes, type PrePrepare, type Proposal } from "@aethel/models";
import { slotAt } from "../books/slots.ts";
import { hasVote } from "../books/vote-book.ts";
import { knownBlock, type State } from "../state.ts";
import { sequenceOf } from "../statement.ts";
import { isBetterForm } from "../view-change/new-view.ts";

/**
 * Whether a message would only be discarded as a repetition. This is checked before its signature
 * is verified or an outline is hashed. Votes are sent again and relayed many times, and a
 * verification costs far more than this check.
 */
export function isRepeated(state: State, message: ConsensusMessage): boolean {
  const at = sequenceOf(message);
  const isLate = at === state.sequence - 1;
  if (isLate && (message.type === "prepare" || message.type === "commit")) {
    return hasVote(state.late[message.type], message);
  }
  if (at !== state.sequence) return false;
  switch (message.type) {
    case "prepare":
      return hasVote(state.prepares, message);
    case "commit":
      return hasVote(state.commits, message);
    case "view-change": {
      const known = slotAt(state.viewChanges.slots, message.voter);
      return known !== undefined && known.body.newView >= message.body.newView;
    }
    case "new-view":
      return isAccepted(state, message.proposal) && !isBetterForm(state, message);
    case "pre-prepare":
      return isAccepted(state, message.proposal) && !bringsOutline(state, message);
  }
}

/** Whether a proposal is the one of the current view that this replica has accepted. */
function isAccepted(state: State, { view, digest }: Proposal): boolean {
  const known = state.proposal?.proposal;
  return known?.view === view && equalBytes(known.digest, digest);
}

/**
 * Whether a proposal has an outline that is of use. It is of none if this replica has the block or
 * its items are being fetched: hashing thousands of item names again gives nothing new.
 */
function bringsOutline(state: State, { proposal, outline }: PrePrepare): boolean {
  const { digest } = proposal;
  if (outline === undefined || knownBlock(state, digest) !== undefined) return false;
  return state.outlined === undefined || !equalBytes(state.outlined, digest);
}
