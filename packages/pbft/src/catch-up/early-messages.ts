import { type ConsensusMessage, equalBytes, type Signature, toView } from "@aethel/models";
import { slotAt, slotValues, withSlot } from "../books/slots.ts";
import { likelyLeaderAfter } from "../schedule/leader-at.ts";
import { type EarlyMessages, type EarlyProposal, knownBlock, type State } from "../state.ts";
import { viewOf } from "../statement.ts";

/**
 * Place of a message of the next sequence among those that are kept. `free`: the message is kept,
 * and replaces a kept one of less use. `repeated`: this very message is kept already. `taken`:
 * another message of its signer is kept. If the set changes with the current block, the signer's
 * index may belong to another validator then.
 */
export type EarlyPlace = "free" | "repeated" | "taken";

/** Returns the place of a message of the next sequence among those that are kept. */
export function earlyPlace(state: State, message: ConsensusMessage): EarlyPlace {
  const { early } = state;
  switch (message.type) {
    case "prepare":
      return placeBeside(slotAt(early.prepares, message.voter), message);
    case "commit":
      return placeBeside(slotAt(early.commits, message.voter), message);
    case "view-change":
      return placeBeside(slotAt(early.viewChanges, message.voter), message);
    case "pre-prepare": {
      const kept = slotAt(early.proposals, message.proposal.leader);
      const place = placeBeside(kept, message);
      const lacksOutline = kept?.outline === undefined && message.outline !== undefined;
      const isMore = lacksOutline && keepsOutline(state, message);
      return place === "repeated" && isMore ? "free" : place;
    }
    case "new-view": {
      const { leader, view } = message.proposal;
      const [newest] = early.newViews;
      if (newest === undefined || newest.proposal.view < view) return "free";
      const kept = early.newViews.find(({ proposal }) => proposal.leader === leader);
      return kept === undefined && newest.proposal.view === view
        ? "free"
        : placeBeside(kept ?? newest, message);
    }
  }
}

/**
 * Returns the kept messages with `message` added if its place is free. Of proposals, only the
 * likely leader's keeps its outline, since each validator could send one as large as a block.
 */
export function keepEarly(state: State, message: ConsensusMessage): EarlyMessages {
  const { early } = state;
  if (earlyPlace(state, message) !== "free") return early;
  switch (message.type) {
    case "prepare":
      return { ...early, prepares: withSlot(early.prepares, message.voter, message) };
    case "commit":
      return { ...early, commits: withSlot(early.commits, message.voter, message) };
    case "view-change":
      return { ...early, viewChanges: withSlot(early.viewChanges, message.voter, message) };
    case "pre-prepare": {
      const kept = keepsOutline(state, message) ? message : { ...message, outline: undefined };
      return {
        ...early,
        proposals: withSlot(early.proposals, message.proposal.leader, kept),
      };
    }
    case "new-view": {
      const rivals = early.newViews.filter(({ proposal }) => proposal.view === viewOf(message));
      return { ...early, newViews: [...rivals, message] };
    }
  }
}

/**
 * Returns the kept messages in the order in which they must be handled: proposals, requests for
 * views, the NewViews that rest on these, and votes last.
 */
export function allEarly(early: EarlyMessages): readonly ConsensusMessage[] {
  return [
    ...slotValues(early.proposals),
    ...slotValues(early.viewChanges),
    ...early.newViews,
    ...slotValues(early.prepares),
    ...slotValues(early.commits),
  ];
}

/**
 * Whether the outline of a proposal of the next sequence is kept. It is kept if the proposal's
 * leader leads view 0 of that sequence, as far as the current block tells. Without that block this
 * is a guess. A wrong guess loses the outline, not the proposal.
 */
export function keepsOutline(state: State, { proposal }: EarlyProposal): boolean {
  const { head, committed, prepared, proposal: accepted } = state;
  const digest = (committed ?? prepared ?? accepted?.proposal)?.digest;
  const block = digest === undefined ? undefined : knownBlock(state, digest)?.block;
  return proposal.leader === likelyLeaderAfter(head, block, toView(0));
}

function placeBeside(kept: ConsensusMessage | undefined, message: ConsensusMessage): EarlyPlace {
  if (kept === undefined || viewOf(kept) < viewOf(message)) return "free";
  return equalBytes(signatureOf(kept), signatureOf(message)) ? "repeated" : "taken";
}

function signatureOf(message: ConsensusMessage): Signature {
  return message.type === "pre-prepare" || message.type === "new-view"
    ? message.proposal.signature
    : message.signature;
}
