import type { Sequence, StateChange } from "@aethel/models";
import type { AuthorQueue } from "../pending/author-queue.ts";
import type { Contents } from "../pending/contents.ts";
import { KEY_KIND } from "../state/state-key.ts";

/** Authors whom a block affects: `touched` and `doubtful`. */
export interface Affected {
  readonly touched: readonly AuthorQueue[];
  /** Authors of whom every proof in the mempool must be checked again. */
  readonly doubtful: ReadonlySet<AuthorQueue>;
}

/**
 * Finds the authors whose account a block changed (`touched`), and those with a proof that expired
 * or that a changed account cosigned (`doubtful`). Without known changes, all authors are doubtful.
 * Removes the expired proofs from the index of expiries.
 */
export function findAffected(
  contents: Contents,
  next: Sequence,
  changes: readonly StateChange[] | undefined,
): Affected {
  const { queues, cosigned, expiries } = contents;
  if (changes === undefined) return { touched: [], doubtful: new Set(queues.values()) };
  const touched: AuthorQueue[] = [];
  const doubtful = new Set<AuthorQueue>();
  for (const { key } of changes) {
    if (key[0] !== KEY_KIND.account) continue;
    const account = key.subarray(1);
    const queue = queues.get(account);
    if (queue !== undefined) touched.push(queue);
    for (const pending of cosigned.cosignedBy(account)) doubtful.add(contents.queueOf(pending));
  }
  for (const pending of expiries.expiredAt(next)) doubtful.add(contents.queueOf(pending));
  return { touched, doubtful };
}
