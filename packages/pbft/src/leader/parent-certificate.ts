import {
  createCertificate,
  powerOf,
  type QuorumCertificate,
  signersOfCertificate,
} from "@aethel/models";
import { votesFor } from "../books/vote-book.ts";
import type { State } from "../state.ts";

/**
 * The certificate that a block carries for its parent: with every COMMIT that has come by now, not
 * only those of the quorum that came first. Pay, the record of who voted and jailing follow it: a
 * validator that is merely the slowest is not absent.
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
