import { boundedBytes, type Infer, signature, struct, view } from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import type { VerifySigned } from "../keys/certificate-scheme.ts";
import { CLAIM_BYTES_MAX } from "../limits.ts";
import { accused } from "./accused.ts";
import { Phase, signableVote } from "./certificate.ts";
import { BlockHeader, blockDigest } from "./header.ts";

/**
 * Vote for a block with a false header, and the application's claim that shows that it is false.
 * Anybody can check the signature; only the application can check the claim.
 */
export const FalseHeader = struct("FalseHeader", {
  ...accused,
  phase: Phase,
  view,
  header: BlockHeader,
  signature,
  claim: boundedBytes(CLAIM_BYTES_MAX),
});
export type FalseHeader = Infer<typeof FalseHeader>;

/** Whether the key in the evidence signed the vote. Does not check the claim. */
export function isVoteSigned(genesis: Digest, item: FalseHeader, verify: VerifySigned): boolean {
  const { header } = item;
  const vote = { sequence: header.sequence, view: item.view, digest: blockDigest(header) };
  return verify(item.key, signableVote(item.phase, genesis, vote), item.signature);
}
