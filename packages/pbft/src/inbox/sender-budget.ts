import type { Config } from "../config.ts";

/** Limit on the signatures of one sender that are verified: a rate, and a burst. */
export interface VerificationLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Budget of one sender. An honest one needs two verifications a block, those of the COMMITs in a
 * block that this replica has not seen, and in a view change a NewView with all its certificates at
 * most; whatever was verified once is remembered and costs nothing.
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

/** Verifications that each sender has left, by name. */
export interface SenderBudgets {
  /** Whether the sender has any left. */
  mayCost(sender: string): boolean;
  /** Takes what was used; a sender may go below nothing once and then waits. */
  charge(sender: string, verifications: number): void;
}

/**
 * Senders that are remembered; the ones longest unheard of go first, and their budget is full then.
 */
const SENDERS_MAX = 4_096;

/** Budgets that are full at first and refill evenly. */
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
