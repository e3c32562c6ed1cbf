import {
  type ConsensusMessage,
  equalBytes,
  type QuorumCertificate,
  type ValidatorIndex,
  type View,
} from "@aethel/models";
import { likelyLeaderAfter } from "../schedule/leader-at.ts";
import { knownBlock, type State } from "../state.ts";
import { findJustificationDefect } from "../view-change/new-view.ts";
import { isOwnedUp } from "../view-change/view-change.ts";

/**
 * Whether a message of the next sequence may be kept until that begins. One of a higher view
 * replaces the kept one, so a sender that can name any view must show something for it. A NewView
 * needs a quorum that asked for its view, which takes honest validators, so the highest is the one
 * to follow. The signature of a ViewChange does not cover its certificates: a copy without them, as
 * a relay can make it, must not keep out the complete one.
 *
 * The next head is not certain yet. It must be the block that both the message and the certificate
 * in it name. If the set changes with that block, the message is checked again then.
 */
export function hasEarlyForm(state: State, message: ConsensusMessage): boolean {
  switch (message.type) {
    case "new-view": {
      const { parent, parentCertificate, proposal } = message;
      const isFirst = proposal.view === 0;
      if (isFirst || !isOfNext(state, parent, parentCertificate)) return false;
      return findJustificationDefect(state.head.validators, message) === undefined;
    }
    case "view-change": {
      const { body, parentCertificate } = message;
      if (body.newView === 0 || !isOfNext(state, body.parent, parentCertificate)) return false;
      return isOwnedUp(message);
    }
    case "pre-prepare":
    case "prepare":
    case "commit":
      return true;
  }
}

/**
 * Returns the leader of a view of the next sequence, with leaders passed over as far as the current
 * block tells. If the set changes with that block this is a guess, which a resend repairs.
 */
export function likelyLeaderOfNext(state: State, view: View): ValidatorIndex {
  const { head, committed, prepared, proposal } = state;
  const digest = (committed ?? prepared ?? proposal?.proposal)?.digest;
  const block = digest === undefined ? undefined : knownBlock(state, digest)?.block;
  return likelyLeaderAfter(head, block, view);
}

function isOfNext(
  { sequence }: State,
  parent: QuorumCertificate["digest"],
  certificate: QuorumCertificate | undefined,
): boolean {
  return (
    certificate !== undefined &&
    certificate.phase === "commit" &&
    certificate.sequence === sequence &&
    equalBytes(certificate.digest, parent)
  );
}
