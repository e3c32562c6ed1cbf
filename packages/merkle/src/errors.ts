import { AethelError } from "@aethel/models";

/** Reason for which a snapshot chunk is refused. */
export type SnapshotRejection =
  /** The chunk has no bytes, or more than `CHUNK_LENGTH_MAX`. */
  | "length"
  /** The bytes are not the canonical encoding of a chunk; `detail` names the field. */
  | "decode"
  /** The chunk's proof does not lead to the root; `detail` is the verifier's reason. */
  | "proof"
  /** The chunk's end is neither the path of its last entry nor the end of the tree. */
  | "bounds"
  /**
   * The chunk begins before the expected path, so it repeats or overlaps an accepted chunk. In an
   * import into a store: accepted chunks have all of its entries.
   */
  | "repeated"
  /**
   * The chunk begins after the expected path, so at least one chunk before it is missing. In an
   * import into a store: it begins after the first path of a missing range.
   */
  | "missing"
  /** The stream ends within this chunk, or before the last chunk of the tree. */
  | "truncated"
  /** The chunk follows the last chunk of the tree. */
  | "after-end";

/** Failure of a call, with the numbers that reproduce it. */
export type MerkleFault =
  /** A key with 0 bytes or more than 256. */
  | { readonly code: "KEY_LENGTH"; readonly length: number }
  /** A value with 0 bytes or more than 1 MiB. */
  | { readonly code: "VALUE_LENGTH"; readonly length: number }
  /** Use of a version that `releaseTree` has released. */
  | { readonly code: "RELEASED" }
  /** Bytes or JSON that are not the canonical form of a proof. */
  | { readonly code: "DECODE"; readonly field: string; readonly reason: string }
  /** A refused snapshot chunk; `index` counts from 0. The chunks before it stay accepted. */
  | {
      readonly code: "SNAPSHOT_CHUNK";
      readonly index: number;
      readonly reason: SnapshotRejection;
      readonly detail: string;
    }
  /**
   * A stored tree that is damaged, for example because its content does not have the stored root.
   * None of it may be used.
   */
  | {
      readonly code: "STORE_DAMAGED";
      readonly store: string;
      readonly reason: string;
      readonly remedy: string;
    }
  /** A version number that is not above the stored one. `stored` is undefined in a new store. */
  | {
      readonly code: "STORE_VERSION";
      readonly store: string;
      readonly stored: number | undefined;
      readonly offered: number;
    }
  /** The end of an import into a store while `missing` ranges of its entries are missing. */
  | { readonly code: "STORE_INCOMPLETE"; readonly store: string; readonly missing: number }
  /** A write outside a transaction. It would not be atomic. */
  | { readonly code: "STORE_TRANSACTION"; readonly store: string };

/** The one error class of `@aethel/merkle`. */
export class MerkleError extends AethelError<MerkleFault> {
  override readonly name = "MerkleError";
}
