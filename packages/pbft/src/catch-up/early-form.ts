import { type ConsensusMessage, equalBytes, type QuorumCertificate } from "@aethel/models";
import { possibleLeaders } from "../schedule/passed-over.ts";
import type { State } from "../state.ts";
import { findJustificationDefect } from "../view-change/new-view.ts";
import { isOwnedUp } from "../view-change/view-change.ts";

/**
 * Whether a message of the next sequence may be kept until that sequence begins. The check uses
 * only facts that are certain before that: the members of the set, and what a quorum of it has
 * signed. A message of a higher view replaces a kept one, so a sender that can name any view must
 * prove it. A NewView needs a quorum that requested its view, and so honest validators; the highest
 * such view is the one to follow. The signature of a ViewChange does not cover its certificates. A
 * relay can remove them, and such a copy must not displace the complete message.
 *
 * The next head is not certain yet. It must be the block that both the message and the certificate
 * in it name. The leaders' record after that block is not certain either. So any validator may lead
 * view 0, and either of two may lead a later view. If the set changes with that block, the message
 * is checked again then.
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
