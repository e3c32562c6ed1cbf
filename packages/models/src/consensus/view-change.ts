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

/** Highest view in which the signer prepared a block at the sequence, and the block's digest. */
export const Prepared = struct("Prepared", { view, digest });
export type Prepared = Infer<typeof Prepared>;

/**
 * Signed body of a ViewChange. Its signer signs nothing at `sequence` in a view below `newView` any
 * more.
 */
export const ViewChangeBody: Codec<{
  /** Hash of the validator set of `sequence`. */
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

/** Signed object of a ViewChange. */
export function signableViewChange(genesis: Digest, body: ViewChangeBody): Signable {
  return { tag: "view-change", genesis, bytes: ViewChangeBody.encode(body) };
}
