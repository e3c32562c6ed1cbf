import { digest, type Infer, sequence, struct } from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import type { Signable } from "../keys/signer.ts";

/**
 * Head of a validator, as an answer to a request. The requester's nonce prevents the replay of an
 * old answer.
 */
export const SignedHead = struct("SignedHead", { nonce: digest, sequence, digest });
export type SignedHead = Infer<typeof SignedHead>;

/** Returns the object that a validator signs to confirm its head. */
export function signableHead(genesis: Digest, head: SignedHead): Signable {
  const { nonce, sequence: at, digest: of } = head;
  const bytes = SignedHead.encode({ nonce, sequence: at, digest: of });
  return { tag: "signed-head", genesis, bytes };
}
