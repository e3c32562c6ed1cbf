import { type ConsensusMessage, equalBytes, type QuorumCertificate } from "@aethel/models";
import { possibleLeaders } from "../schedule/passed-over.ts";
import type { State } from "../state.ts";
import { findJustificationDefect } from "../view-change/new-view.ts";
import { isOwnedUp } from "../view-change/view-change.ts";

/**
 * Whether a message of the next sequence may be kept until that begins. It is judged only by what
 * is certain before: who is in the set, and what a quorum of it has signed. A message of a higher
 * view replaces the kept one, so a sender that can name any view must show something for it. A
 * NewView needs a quorum that asked for its view, which takes honest validators, so the highest is
 * the one to follow. The signature of a ViewChange does not cover its certificates: a copy without
 * them, as a relay can make it, must not keep out the complete one.
 *
 * The next head is not certain yet. It must be the block that both the message and the certificate
 * in it name. Nor is the record of leaders after it. So anybody may lead view 0, and each later
 * view either of two. If the set changes with that block, the message is checked again then.
 */
export function hasEarlyForm(state: State, message: ConsensusMessage): boolean {
  switch (message.type) {
    case "new-view": {
      const { parent, parentCertificate, proposal } = message;
      const { validators } = state.head;
      const { view, leader } = proposal;
      if (view === 0 || !isOfNext(state, parent, parentCertificate)) return false;
      if (!possibleLeaders(validators, proposal).includes(leader)) return false;
      return findJustificationDefect(validators, message) === undefined;
    }
    case "view-change": {
      const { body, parentCertificate } = message;
      if (body.newView === 0 || !isOfNext(state, body.parent, parentCertificate)) return false;
      return isOwnedUp(message);
    }
    case "pre-prepare":
      return message.proposal.view === 0;
    case "prepare":
    case "commit":
      return true;
  }
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
