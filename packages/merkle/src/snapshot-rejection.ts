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
