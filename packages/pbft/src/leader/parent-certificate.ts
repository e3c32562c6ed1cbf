import {
  createCertificate,
  powerOf,
  type QuorumCertificate,
  signersOfCertificate,
} from "@aethel/models";
import { votesFor } from "../books/vote-book.ts";
import type { State } from "../state.ts";

/**
 * Returns the parent's certificate for a new block. Undefined if the parent is the genesis block.
 * The certificate has every COMMIT vote that is known by now, not only those of the first quorum.
 * Rewards, jailing and the leaders' record depend on it, so a validator that is merely the slowest
 * must not be absent from it.
 */
export function fullestParentCertificate(state: State): QuorumCertificate | undefined {
  const { head, late } = state;
  const { certificate, previousValidators: set } = head;
  if (certificate === undefined) return undefined;
  const votes = votesFor(late.commit, certificate);
  const power = powerOf(
    set,
    votes.map(({ voter }) => voter),
  );
  // The head's own may come from others, with voters of whom nothing was heard here.
  if (power <= powerOf(set, signersOfCertificate(certificate))) return certificate;
  return createCertificate({ phase: "commit", vote: certificate, set, votes });
}
