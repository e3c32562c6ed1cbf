import type { Digest, Sequence, View } from "@aethel/models";

/** One statement of this replica, as its log holds it. */
export interface OwnStatement {
  readonly type: "proposal" | "prepare" | "commit" | "view-change";
  readonly sequence: Sequence;
  readonly view: View;
  /** None of a view change: there its view says enough. */
  readonly digest: Digest | undefined;
}

/**
 * All that this replica has signed at sequences above `after`, but for those that are long final. A
 * signature of its key that is missing here was not made by this replica, or by one that does not
 * remember.
 */
export interface OwnStatements {
  readonly after: Sequence;
  readonly statements: readonly OwnStatement[];
}
