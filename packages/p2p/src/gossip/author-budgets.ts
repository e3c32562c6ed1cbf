import { type AccountId, toHex } from "@aethel/models";
import type { PeerLimits } from "../limits.ts";
import type { Directory } from "../peers/directory.ts";
import { createTokenBucket, type TokenBucket } from "../peers/token-bucket.ts";

/** Least messages a second of one author that are relayed, however many validators there are. */
const RATE_MIN = 8;
/** Seconds' worth that an author may send at once, such as in a view change. */
const BURST_SECONDS = 8;

/** Budgets of the validators that signed what is relayed: only their own signatures use them up. */
export interface AuthorBudgets {
  /** Takes one message; false if there is none left. MUST be asked for proven authors only. */
  take(author: AccountId): boolean;
}

/**
 * Creates budgets that share what one forwarding peer may have checked. So a validator that signs
 * without end cannot use up the budgets of the honest peers that pass its messages on.
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
