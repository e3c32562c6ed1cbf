import type { Digest, Sequence, View } from "@aethel/models";

/** One statement of this replica, as its log holds it. */
export interface OwnStatement {
  readonly type: "proposal" | "prepare" | "commit" | "view-change";
  readonly sequence: Sequence;
  readonly view: View;
  /** Undefined for a view change: there its view says enough. */
  readonly digest: Digest | undefined;
}

/**
 * All that this replica has signed at sequences above `after`, but for what is long final. A
 * signature of its key that is missing here was made by another process, or by this replica before
 * its log was lost.
 */
export interface OwnStatements {
  readonly after: Sequence;
  readonly statements: readonly OwnStatement[];
}
