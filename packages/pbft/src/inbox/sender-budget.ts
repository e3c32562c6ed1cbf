import type { Config } from "../config.ts";

/** Limit on the verified signatures of one sender: a rate and a burst. */
export interface VerificationLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Returns the limit for one sender. For each block, an honest sender needs two verifications, and
 * those of the COMMITs in a block that this replica has not seen. In a view change, it needs at
 * most those of a NewView with all its certificates. Signatures that were verified before cost
 * nothing.
 */
export function verificationLimit(
  config: Pick<Config, "minBlockIntervalMs">,
  validators: number,
): VerificationLimit {
  const blocksPerSecond = 1_000 / Math.max(1, config.minBlockIntervalMs);
  return {
    perSecond: Math.ceil(16 + 4 * blocksPerSecond + validators / 4),
    burst: 64 + 6 * validators,
  };
}

/** Number of verifications that each sender, given by name, has left. */
export interface SenderBudgets {
  /** Whether a sender has any verifications left. */
  mayCost(sender: string): boolean;
  /**
   * Subtracts used verifications. The budget may fall below zero; the sender must then wait until
   * it is refilled.
   */
  charge(sender: string, verifications: number): void;
}

/**
 * Most senders that are remembered. The one that was not heard of for longest is forgotten first.
 * It then has a full budget again.
 */
const SENDERS_MAX = 4_096;

/** Creates budgets that are full at first and refill evenly. */
export function createSenderBudgets(options: {
  readonly now: () => number;
  readonly limit: () => VerificationLimit;
}): SenderBudgets {
  const accounts = new Map<string, { readonly left: number; readonly at: number }>();
  const leftOf = (sender: string): number => {
    const { perSecond, burst } = options.limit();
    const account = accounts.get(sender);
    if (account === undefined) return burst;
    const earned = (Math.max(0, options.now() - account.at) * perSecond) / 1_000;
    return Math.min(burst, account.left + earned);
  };
  return {
    mayCost: (sender) => leftOf(sender) >= 1,
    charge(sender, verifications) {
      if (verifications === 0) return;
      const left = leftOf(sender) - verifications;
      accounts.delete(sender);
      accounts.set(sender, { left, at: options.now() });
      const oldest = accounts.keys().next().value;
      if (accounts.size > SENDERS_MAX && oldest !== undefined) accounts.delete(oldest);
    },
  };
}
