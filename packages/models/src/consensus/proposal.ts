import {
  digest,
  type Infer,
  sequence,
  signature,
  struct,
  validatorIndex,
  view,
} from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import type { Signable } from "../keys/signer.ts";
import { VoteBody } from "./certificate.ts";

/** Signed proposal of a block by the leader of (sequence, view). */
export const Proposal = struct("Proposal", {
  sequence,
  view,
  digest,
  leader: validatorIndex,
  signature,
});
export type Proposal = Infer<typeof Proposal>;

/** Returns the object that a leader signs to propose a block. */
export function signableProposal(genesis: Digest, proposal: VoteBody): Signable {
  const { sequence: at, view: inView, digest: of } = proposal;
  const bytes = VoteBody.encode({ sequence: at, view: inView, digest: of });
  return { tag: "pre-prepare", genesis, bytes };
}
