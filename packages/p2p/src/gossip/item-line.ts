import type { PeerLimits } from "../limits.ts";
import { createFairBudget, type FairBudget, type Reserved } from "../peers/fair-budget.ts";
import type { ObserversBudget } from "../peers/peer-budget.ts";
import type { Session } from "../peers/sessions.ts";
import type { TokenBucket } from "../peers/token-bucket.ts";

/** Line of the items whose signatures are to be checked. Peers take turns in it. */
export interface ItemLine {
  /**
   * Takes the cost of an item from the budgets of its sender as soon as they have it. Returns
   * false if that takes longer than the limit, or if the sender's connection closes. `onWait` is
   * called if the item has to wait.
   */
  pay(session: Session, cost: number, onWait: () => void): Promise<boolean>;
}

/**
 * Creates the line. At most one item of each peer waits in the budgets that peers share; its
 * other items wait behind it. So a peer with many items delays the others by one item each time.
 */
export function createItemLine(options: {
  readonly limits: PeerLimits;
  readonly observers: Pick<ObserversBudget, "signatures">;
  /** Budget of all peers together. */
  readonly all: TokenBucket;
  readonly isObserver: (session: Session) => boolean;
}): ItemLine {
  const { limits, observers, isObserver } = options;
  const fair = (bucket: TokenBucket, ratePerSecond: number): FairBudget =>
    createFairBudget({ bucket, burst: 2 * ratePerSecond });
  const ofAll = fair(options.all, limits.allSignaturesPerSecondMax);
  const ofObservers = fair(observers.signatures, limits.observersSignaturesPerSecondMax);
  const own = new WeakMap<TokenBucket, FairBudget>();

  function budgetsOf(session: Session): readonly FairBudget[] {
    const { signatures } = session.budget;
    const ofPeer = own.get(signatures) ?? fair(signatures, limits.signaturesPerSecondMax);
    own.set(signatures, ofPeer);
    return isObserver(session) ? [ofPeer, ofObservers, ofAll] : [ofPeer, ofAll];
  }

  /** Takes the cost at once. Returns false, and takes nothing, if a budget has too little. */
  function payNow(session: Session, cost: number): boolean {
    const shared = isObserver(session) ? [observers.signatures, options.all] : [options.all];
    const taken: TokenBucket[] = [];
    for (const bucket of [session.budget.signatures, ...shared]) {
      if (!bucket.take(cost)) {
        for (const each of taken) each.owe(-cost);
        return false;
      }
      taken.push(bucket);
    }
    return true;
  }

  async function wait(session: Session, cost: number): Promise<boolean> {
    const ended = new AbortController();
    const { connection } = session;
    const end = (): void => ended.abort();
    connection.addEventListener("close", end);
    const signal = AbortSignal.any([AbortSignal.timeout(limits.itemWaitMs), ended.signal]);
    const reserved: Reserved[] = [];
    try {
      if (connection.status !== "open") return false;
      for (const budget of budgetsOf(session)) reserved.push(await budget.reserve(cost, signal));
      return true;
    } catch {
      for (const each of reserved) each(0);
      return false;
    } finally {
      connection.removeEventListener("close", end);
    }
  }

  return {
    async pay(session, cost, onWait) {
      const { budget } = session;
      if (budget.waiting === 0 && payNow(session, cost)) return true;
      onWait();
      budget.waiting += 1;
      const before = budget.line;
      const { promise, resolve } = Promise.withResolvers<void>();
      budget.line = promise;
      try {
        await before;
        return await wait(session, cost);
      } finally {
        budget.waiting -= 1;
        resolve();
      }
    },
  };
}
