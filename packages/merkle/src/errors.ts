import { AethelError } from "@aethel/models";

/** Why a chunk of a snapshot may not be used. */
export type SnapshotRejection =
  /** Longer than any chunk may be. */
  | "length"
  /** Not the canonical bytes of a chunk; `detail` says which field. */
  | "decode"
  /** Not of the tree with this root, changed, or incomplete; `detail` is what the check says. */
  | "proof"
  /** It ends neither with its last key nor at the end of the tree. */
  | "bounds"
  /** It begins before the place that is asked for: it came before, or overlaps one that did. */
  | "repeated"
  /** It begins after the place that is asked for: one or more before it are left out. */
  | "missing"
  /** The stream ends in the middle of it, or before it although the tree goes on. */
  | "truncated"
  /** The tree had come to its end before it. */
  | "after-end";

/** What went wrong, with the numbers needed to reproduce it. */
export type MerkleFault =
  /** A key outside 1 .. 256 bytes. */
  | { readonly code: "KEY_LENGTH"; readonly length: number }
  /** A value outside 1 byte .. 1 MiB. */
  | { readonly code: "VALUE_LENGTH"; readonly length: number }
  /** A version that was given back with `releaseTree`. */
  | { readonly code: "RELEASED" }
  /** Bytes or JSON that are not the one canonical form of a proof. */
  | { readonly code: "DECODE"; readonly field: string; readonly reason: string }
  /** A chunk of a snapshot, counted from 0, that may not be used. Those before it are good. */
  | {
      readonly code: "SNAPSHOT_CHUNK";
      readonly index: number;
      readonly reason: SnapshotRejection;
      readonly detail: string;
    }
  /** A stored tree that does not have the root it was stored with. Nothing of it may be used. */
  | {
      readonly code: "STORE_DAMAGED";
      readonly store: string;
      readonly reason: string;
      readonly remedy: string;
    }
  /** A version that is not above the stored one: it would rewrite history. */
  | {
      readonly code: "STORE_VERSION";
      readonly store: string;
      readonly stored: number | undefined;
      readonly offered: number;
    }
  /** A write outside of a transaction: it would not be atomic. */
  | { readonly code: "STORE_TRANSACTION"; readonly store: string };

/** The one error class of `@aethel/merkle`. */
export class MerkleError extends AethelError<MerkleFault> {
  override readonly name = "MerkleError";
}
