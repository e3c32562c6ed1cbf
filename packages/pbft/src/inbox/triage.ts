import {
  type ConsensusMessage,
  equalBytes,
  type Proposal,
  type Sequence,
  toSequence,
} from "@aethel/models";
import type { AuthenticationDefect } from "../authenticate.ts";
import { hasEarlyForm } from "../catch-up/early-form.ts";
import { earlyPlace, keepsOutline } from "../catch-up/early-messages.ts";
import type { DiscardReason } from "../effect.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import { knownBlock, type State } from "../state.ts";
import { sequenceOf, signerOf } from "../statement.ts";
import { findNewViewDefect } from "../view-change/new-view.ts";
import { findViewChangeDefect } from "../view-change/view-change.ts";
import { isRepeated } from "./repeated.ts";

/** Treatment of a message before any of it is hashed or verified. */
export type Triage =
  | { readonly type: "drop"; readonly reason: DiscardReason | AuthenticationDefect }
  /**
   * Message of a sequence far ahead, or of the next sequence if the current set cannot verify it.
   * It is only a reason to ask peers for blocks.
   */
  | { readonly type: "ahead"; readonly sequence: Sequence }
  /** Message of a sequence that is long over. Its sender is told this replica's head. */
  | { readonly type: "old" }
  /** Message to be verified. Its block is left out if it would be of no use. */
  | { readonly type: "check"; readonly message: ConsensusMessage };

/**
 * Decides how a message is treated, by leader, view, duplicates and bounds. It uses the engine's
 * own rules, so that verifications are spent only on messages that the engine can use. A message of
 * the current or next sequence that names this replica as its signer is always checked, unless it
 * is known: another process may have the key.
 */
export function triage(state: State, message: ConsensusMessage): Triage {
  const distance = sequenceOf(message) - state.sequence;
  if (distance > 1) return aheadOf(message);
  if (distance < -1) return { type: "old" };
  const set = distance < 0 ? state.head.previousValidators : state.head.validators;
  const signer = signerOf(message);
  if (signer >= set.validators.length) {
    // The set of the next sequence may have more members.
    return distance > 0 ? aheadOf(message) : { type: "drop", reason: "index-out-of-bounds" };
  }
  if (distance < 0) return triageLate(state, message);
  if (isRepeated(state, message)) return { type: "drop", reason: "duplicate" };
  const usual = distance === 0 ? triageNow(state, message) : triageEarly(state, message);
  if (usual.type === "check" || signer !== state.me) return usual;
  const isProposal = message.type === "pre-prepare" || message.type === "new-view";
  return { type: "check", message: isProposal ? bare(message.proposal) : message };
}

/**
 * Decides about a message of the head's sequence. Accepts votes, and proposals that contradict
 * known ones.
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
 * Decides about a message of the next sequence. Accepts it if it would be kept until that sequence
 * begins. Otherwise it may still be right if the set changes with the current block: its form may
 * be wrong for the current set only, or its place may be taken by another validator's message.
 */
function triageEarly(state: State, message: ConsensusMessage): Triage {
  const place = earlyPlace(state, message);
  if (place === "repeated") return { type: "drop", reason: "duplicate" };
  if (place === "taken" || !hasEarlyForm(state, message)) return aheadOf(message);
  const isLarge = message.type === "pre-prepare" && message.outline !== undefined;
  const isWhole = !isLarge || keepsOutline(state, message);
  return { type: "check", message: isWhole ? message : bare(message.proposal) };
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

/** Returns a proposal without its outline. If the block is needed, it is fetched by its digest. */
export function bare(proposal: Proposal): ConsensusMessage {
  return { type: "pre-prepare", proposal, outline: undefined };
}
