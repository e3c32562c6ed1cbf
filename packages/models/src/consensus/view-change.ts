import {
  type Codec,
  digest,
  type Infer,
  optional,
  sequence,
  struct,
  view,
} from "../codec/index.ts";
import type { Digest, Sequence, View } from "../ids.ts";
import type { Signable } from "../keys/signer.ts";

/**
 * Highest view in which the signer prepared a block at the sequence, and the digest of that block.
 */
export const Prepared = struct("Prepared", { view, digest });
export type Prepared = Infer<typeof Prepared>;

/**
 * Signed body of a ViewChange. A validator that has signed it signs nothing more at `sequence` in
 * views below `newView`.
 */
export const ViewChangeBody: Codec<{
  /** Hash of the validator set that votes on `sequence`. */
  readonly validators: Digest;
  readonly sequence: Sequence;
  readonly newView: View;
  /** Digest of the block at `sequence - 1`. */
  readonly parent: Digest;
  readonly prepared: Prepared | undefined;
}> = struct("ViewChangeBody", {
  validators: digest,
  sequence,
  newView: view,
  parent: digest,
  prepared: optional(Prepared),
});
export type ViewChangeBody = Infer<typeof ViewChangeBody>;

/** Returns the object that a validator signs to request a later view. */
export function signableViewChange(genesis: Digest, body: ViewChangeBody): Signable {
  return { tag: "view-change", genesis, bytes: ViewChangeBody.encode(body) };
}
