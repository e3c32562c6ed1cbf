import { digest, type Infer, sequence, struct } from "../codec/index.ts";
import type { Digest } from "../ids.ts";
import type { Signable } from "../keys/signer.ts";

/** How far a validator is, said in answer to a nonce: no older answer can stand in its place. */
export const SignedHead = struct("SignedHead", { nonce: digest, sequence, digest });
export type SignedHead = Infer<typeof SignedHead>;

/** Statement that a validator signs when it is asked for its head. */
export function signableHead(genesis: Digest, head: SignedHead): Signable {
  const { nonce, sequence: at, digest: of } = head;
  const bytes = SignedHead.encode({ nonce, sequence: at, digest: of });
  return { tag: "signed-head", genesis, bytes };
}
