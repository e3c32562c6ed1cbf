import type { CompiledIntent } from "@aethel/verifier";

/** Bytes that one key with its value can bring into the state at most, by what it is. */
const GROWTH = {
  /** 33 bytes of key, 16 of value. */
  account: 49,
  /** 65 bytes of key, 8 of value. */
  holding: 73,
  /** A first stake: record, key, a place in a queue; or what a withdrawal leaves unbonding. */
  stake: 1_024,
} as const;

/** Most by which so many signers can make the state grow: each may be new. */
export function growthOfSigners(count: number): number {
  return GROWTH.account * count;
}

/** Most by which one run of a program can make the state grow, from what it can write at all. */
export function growthOfRun(steps: readonly Pick<CompiledIntent, "writes">[]): number {
  // An action of a validator is beside the writes, and only of programs without any: once at most.
  let growth: number = GROWTH.stake;
  for (const { writes } of steps) {
    for (const { field, asset } of writes) growth += growthOfWrite(field, asset !== undefined);
  }
  return growth;
}

function growthOfWrite(field: string, isDeclared: boolean): number {
  if (isDeclared) return GROWTH.holding;
  return field === "stake" ? GROWTH.stake : GROWTH.account;
}
