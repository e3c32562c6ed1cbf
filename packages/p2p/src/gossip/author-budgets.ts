import { type AccountId, toHex } from "@aethel/models";
import type { PeerLimits } from "../limits.ts";
import type { Directory } from "../peers/directory.ts";
import { createTokenBucket, type TokenBucket } from "../peers/token-bucket.ts";

/**
 * Least number of messages of one author that are relayed in a second, however many validators
 * there are.
 */
const RATE_MIN = 8;
/** Seconds whose messages an author may send at once. A view change needs such a burst. */
const BURST_SECONDS = 8;

/**
 * Budgets of the validators that signed relayed messages. Only messages that a validator has really
 * signed are charged to its budget.
 */
export interface AuthorBudgets {
  /**
   * Takes one message from an author's budget. Returns false if none is left. MUST be called only
   * after the author's signature was verified.
   */
  take(author: AccountId): boolean;
}

/**
 * Creates budgets, one for each author: the limit of signature checks for one peer, divided by the
 * number of validators. So a validator that signs without end cannot use up the budgets of the
 * honest peers that relay its messages.
 */
export function createAuthorBudgets(options: {
  readonly limits: Pick<PeerLimits, "messageSignaturesPerSecondMax">;
  readonly directory: Pick<Directory, "version" | "members">;
  readonly now: () => number;
}): AuthorBudgets {
  const { limits, directory, now } = options;
  const buckets = new Map<string, TokenBucket>();
  let version = -1;

  function create(): TokenBucket {
    const share = limits.messageSignaturesPerSecondMax / Math.max(1, directory.members().length);
    const ratePerSecond = Math.max(RATE_MIN, Math.floor(share));
    return createTokenBucket({ ratePerSecond, burst: BURST_SECONDS * ratePerSecond, now });
  }

  return {
    take(author) {
      // Another set: authors that left it are forgotten.
      if (directory.version() !== version) buckets.clear();
      version = directory.version();
      const name = toHex(author);
      const bucket = buckets.get(name) ?? create();
      buckets.set(name, bucket);
      return bucket.take(1);
    },
  };
}
