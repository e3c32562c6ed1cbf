import { type ConsensusMessage, equalBytes } from "@aethel/models";
import { slotAt } from "../books/slots.ts";
import { hasVote } from "../books/vote-book.ts";
import type { State } from "../state.ts";
import { sequenceOf } from "../statement.ts";

/**
 * Whether a message would only be discarded as a repetition. Asked before its signature is
 * verified: votes are sent again and relayed many times, and a verification costs far more than
 * this.
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
    case "pre-prepare":
    case "new-view": {
      const known = state.proposal?.proposal;
      const { view, digest } = message.proposal;
      const same = known?.view === view && equalBytes(known.digest, digest);
      return same && state.blocks.some((block) => equalBytes(block.digest, digest));
    }
  }
}
