import {
  createCertificate,
  powerOf,
  type QuorumCertificate,
  signersOfCertificate,
} from "@aethel/models";
import { votesFor } from "../books/vote-book.ts";
import type { State } from "../state.ts";

/**
 * Returns the certificate that a new block carries for its parent; undefined if that is the genesis
 * block. It has every COMMIT vote known by now, not only those of the first quorum. Rewards, the
 * record of who voted and jailing depend on it: a validator that is merely the slowest is not
 * absent.
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
