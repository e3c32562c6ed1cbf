import type { CompiledIntent } from "@aethel/verifier";

/** Most bytes of new keys with their values, by kind of entry. */
export const GROWTH = {
  /** Growth for an account: 33 bytes of key, 16 of value. */
  account: 49,
  /** Growth for a holding of a declared asset: 65 bytes of key, 8 of value. */
  holding: 73,
  /**
   * Growth for a first stake (record, key and place in a queue), or for a withdrawal (unbonding
   * entry).
   */
  stake: 1_024,
  /**
   * Growth that settling a fee can cause: the account of the treasury (49 bytes) and the sum of the
   * deposits (9).
   */
  settlement: 58,
} as const;

/**
 * Returns the most bytes by which the accounts of this number of signers can grow the state. Each
 * signer may be a new account.
 */
export function growthOfSigners(count: number): number {
  return GROWTH.account * count;
}

/** Returns the most bytes by which one run of a program can grow the state, from its write set. */
export function growthOfRun(steps: readonly Pick<CompiledIntent, "writes">[]): number {
  const all = steps.flatMap(({ writes }) => writes);
  // Only programs without writes have an action of a validator.
  if (all.length === 0) return GROWTH.stake;
  return all.reduce((sum, { field, asset }) => sum + growthOfWrite(field, asset !== undefined), 0);
}

function growthOfWrite(field: string, isDeclared: boolean): number {
  if (isDeclared) return GROWTH.holding;
  return field === "stake" ? GROWTH.stake : GROWTH.account;
}
