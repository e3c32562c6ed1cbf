import type { Digest, Sequence, View } from "@aethel/models";

/** Signed statement of this replica, as its signing log has it. */
export interface OwnStatement {
  readonly type: "proposal" | "prepare" | "commit" | "view-change";
  readonly sequence: Sequence;
  readonly view: View;
  /** Digest that was signed. Undefined for a view change, which its view identifies. */
  readonly digest: Digest | undefined;
}

/**
 * Statements that this replica has signed at sequences above `after`. Those of sequences that are
 * long final are left out. A signature of its key that is not among them was made by another
 * process, or by this replica before its log was lost.
 */
export interface OwnStatements {
  readonly after: Sequence;
  readonly statements: readonly OwnStatement[];
}
