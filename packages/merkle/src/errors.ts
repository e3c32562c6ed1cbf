import { AethelError } from "@aethel/models";

/** Reason for which a snapshot chunk is refused. */
export type SnapshotRejection =
  /** The chunk has no bytes, or more than `CHUNK_LENGTH_MAX`. */
  | "length"
  /** The bytes are not the canonical encoding of a chunk; `detail` names the field. */
  | "decode"
  /** The chunk's proof does not lead to the root; `detail` is the verifier's reason. */
  | "proof"
  /** The chunk ends neither at its last key nor at the end of the tree. */
  | "bounds"
  /** The chunk begins before the expected path: it repeats or overlaps an accepted one. */
  | "repeated"
  /** The chunk begins after the expected path: at least one chunk before it is missing. */
  | "missing"
  /** The stream ends within this chunk, or before the last chunk of the tree. */
  | "truncated"
  /** The chunk before it was the last one of the tree. */
  | "after-end";

/** Failure of a call, with the numbers that reproduce it. */
export type MerkleFault =
  /** A key outside 1 .. 256 bytes. */
  | { readonly code: "KEY_LENGTH"; readonly length: number }
  /** A value outside 1 byte .. 1 MiB. */
  | { readonly code: "VALUE_LENGTH"; readonly length: number }
  /** A version that `releaseTree` released. */
  | { readonly code: "RELEASED" }
  /** Bytes or JSON that are not the one canonical form of a proof. */
  | { readonly code: "DECODE"; readonly field: string; readonly reason: string }
  /** A refused snapshot chunk; `index` counts from 0. The chunks before it are accepted. */
  | {
      readonly code: "SNAPSHOT_CHUNK";
      readonly index: number;
      readonly reason: SnapshotRejection;
      readonly detail: string;
    }
  /** A stored tree whose content does not have the stored root. None of it may be used. */
  | {
      readonly code: "STORE_DAMAGED";
      readonly store: string;
      readonly reason: string;
      readonly remedy: string;
    }
  /** A version number that is not above the stored one. */
  | {
      readonly code: "STORE_VERSION";
      readonly store: string;
      readonly stored: number | undefined;
      readonly offered: number;
    }
  /** A write outside a transaction, which would not be atomic. */
  | { readonly code: "STORE_TRANSACTION"; readonly store: string };

/** The one error class of `@aethel/merkle`. */
export class MerkleError extends AethelError<MerkleFault> {
  override readonly name = "MerkleError";
}
