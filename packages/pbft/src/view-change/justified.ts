import {
  type ConsensusMessage,
  equalBytes,
  type QuorumCertificate,
  type ValidatorSet,
} from "@aethel/models";
import { findJustificationDefect } from "./new-view.ts";
import { isOwnedUp } from "./view-change.ts";

/**
 * Whether a ViewChange or NewView contains everything that its receiver needs to justify it. `set`
 * is the set that votes on the message's sequence. The signature of the author does not cover the
 * attached votes and certificates, so anybody can remove some of them. Returns true for all other
 * messages. No signature is verified here.
 */
export function isJustified(message: ConsensusMessage, set: ValidatorSet): boolean {
  switch (message.type) {
    case "prepare":
    case "commit":
    case "pre-prepare":
      return true;
    case "view-change": {
      const { body, parentCertificate } = message;
      return body.newView > 0 && isOfParent(body, parentCertificate) && isOwnedUp(message);
    }
    case "new-view": {
      const { proposal, parent, parentCertificate } = message;
      const place = { sequence: proposal.sequence, parent };
      if (proposal.view === 0 || !isOfParent(place, parentCertificate)) return false;
      return findJustificationDefect(set, message) === undefined;
    }
  }
}

/** Whether a certificate is for the parent. Undefined is right only for the genesis block. */
function isOfParent(
  { sequence, parent }: { readonly sequence: number; readonly parent: Uint8Array },
  certificate: QuorumCertificate | undefined,
): boolean {
  if (sequence === 1 || certificate === undefined) {
    return sequence === 1 && certificate === undefined;
  }
  return (
    certificate.phase === "commit" &&
    certificate.sequence === sequence - 1 &&
    equalBytes(certificate.digest, parent)
  );
}
