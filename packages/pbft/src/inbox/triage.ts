import {
  type ConsensusMessage,
  equalBytes,
  type Proposal,
  type Sequence,
  toSequence,
  type ValidatorIndex,
} from "@aethel/models";
import type { AuthenticationDefect } from "../authenticate.ts";
import { slotAt } from "../books/slots.ts";
import { hasEarlyForm, likelyLeaderOfNext } from "../catch-up/early-form.ts";
import type { DiscardReason } from "../effect.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import { knownBlock, type State } from "../state.ts";
import { sequenceOf, viewOf } from "../statement.ts";
import { findNewViewDefect } from "../view-change/new-view.ts";
import { findViewChangeDefect } from "../view-change/view-change.ts";
import { isRepeated } from "./repeated.ts";

/** Treatment of a message before anything of it is hashed or verified. */
export type Triage =
  | { readonly type: "drop"; readonly reason: DiscardReason | AuthenticationDefect }
  /**
   * Message far ahead, or of another leader than this replica expects: only a reason to ask peers.
   */
  | { readonly type: "ahead"; readonly sequence: Sequence }
  /** Message of a sequence that is long over: its sender is told how far this replica is. */
  | { readonly type: "old" }
  /** Message to be verified. Its block is left out where that has no use. */
  | { readonly type: "check"; readonly message: ConsensusMessage };

/**
 * Decides how a message is treated, by leader, view, duplicates and bounds. It uses the engine's
 * own rules, so that only what the engine could use costs a verification. A message of the current
 * sequence or the next that names this replica as its signer is checked in any case, unless it is
 * known: another process may hold the key.
 */
export function triage(state: State, message: ConsensusMessage): Triage {
  const distance = sequenceOf(message) - state.sequence;
  if (distance > 1) return aheadOf(message);
  if (distance < -1) return { type: "old" };
  const set = distance < 0 ? state.head.previousValidators : state.head.validators;
  const signer = signerOf(message);
  if (signer >= set.validators.length) return { type: "drop", reason: "index-out-of-bounds" };
  if (distance < 0) return triageLate(state, message);
  if (isRepeated(state, message)) return { type: "drop", reason: "duplicate" };
  const usual = distance === 0 ? triageNow(state, message) : triageEarly(state, message);
  if (usual.type === "check" || signer !== state.me) return usual;
  const isProposal = message.type === "pre-prepare" || message.type === "new-view";
  return { type: "check", message: isProposal ? bare(message.proposal) : message };
}

/**
 * Lets through votes of the sequence that is over, and proposals that contradict the known ones.
 */
function triageLate(state: State, message: ConsensusMessage): Triage {
  switch (message.type) {
    case "prepare":
    case "commit":
      return isRepeated(state, message)
        ? { type: "drop", reason: "duplicate" }
        : { type: "check", message };
    case "pre-prepare":
    case "new-view":
      return contradicts(state.late.toldProposals, message.proposal)
        ? { type: "check", message: bare(message.proposal) }
        : { type: "old" };
    case "view-change":
      return { type: "old" };
  }
}

function triageNow(state: State, message: ConsensusMessage): Triage {
  switch (message.type) {
    case "prepare":
    case "commit":
      return { type: "check", message };
    case "view-change": {
      const reason = findViewChangeDefect(state, message);
      return reason === undefined ? { type: "check", message } : { type: "drop", reason };
    }
    case "new-view": {
      const { proposal } = message;
      if (contradicts(state.toldProposals, proposal)) {
        return { type: "check", message: bare(proposal) };
      }
      const reason = findNewViewDefect(state, message);
      return reason === undefined ? { type: "check", message } : { type: "drop", reason };
    }
    case "pre-prepare": {
      const { proposal } = message;
      // Another proposal than this replica was told convicts by its signature alone.
      if (contradicts(state.toldProposals, proposal)) {
        return { type: "check", message: bare(proposal) };
      }
      if (proposal.view !== 0) return { type: "drop", reason: "wrong-view" };
      if (proposal.leader !== leaderAt(state, proposal.view)) {
        return { type: "drop", reason: "not-the-leader" };
      }
      // Too late to be voted for; that it came is learnt from all the same.
      const isLate = state.view !== 0 || state.phase === "committing";
      const isKnown = knownBlock(state, proposal.digest) !== undefined;
      return { type: "check", message: isLate || isKnown ? bare(proposal) : message };
    }
  }
}

/**
 * Drops a message of the next sequence as a duplicate unless its view is higher than the view of
 * the stored message of the same type and signer.
 */
function triageEarly(state: State, message: ConsensusMessage): Triage {
  const { early } = state;
  const duplicate: Triage = { type: "drop", reason: "duplicate" };
  const keptAt = (index: ValidatorIndex): ConsensusMessage | undefined => {
    switch (message.type) {
      case "prepare":
        return slotAt(early.prepares, index);
      case "commit":
        return slotAt(early.commits, index);
      case "view-change":
        return slotAt(early.viewChanges, index);
      case "new-view":
        return early.newView;
      case "pre-prepare":
        return early.prePrepare;
    }
  };
  const kept = keptAt(signerOf(message));
  if (kept !== undefined && viewOf(kept) >= viewOf(message)) return duplicate;
  if (!hasEarlyForm(state, message)) return aheadOf(message);
  if (message.type !== "pre-prepare" && message.type !== "new-view") {
    return { type: "check", message };
  }
  // The set may change with the current block: then this is a guess, and asking repairs it.
  const { view, leader } = message.proposal;
  const isFirst = message.type === "new-view" || view === 0;
  if (isFirst && leader === likelyLeaderOfNext(state, view)) return { type: "check", message };
  return aheadOf(message);
}

function aheadOf(message: ConsensusMessage): Triage {
  return { type: "ahead", sequence: toSequence(sequenceOf(message) - 1) };
}

function contradicts(told: readonly Proposal[], proposal: Proposal): boolean {
  const earlier = told.find(({ view }) => view === proposal.view);
  return (
    earlier !== undefined &&
    earlier.leader === proposal.leader &&
    !equalBytes(earlier.digest, proposal.digest)
  );
}

/**
 * Returns a proposal without its outline. The block is fetched by its digest where it is needed.
 */
export function bare(proposal: Proposal): ConsensusMessage {
  return { type: "pre-prepare", proposal, outline: undefined };
}

/** Returns the signer that a message names. Its signature is not checked here. */
export function signerOf(message: ConsensusMessage): ValidatorIndex {
  return message.type === "pre-prepare" || message.type === "new-view"
    ? message.proposal.leader
    : message.voter;
}
