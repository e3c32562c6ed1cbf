import type { Member, Situation } from "./situation.ts";

/** Tells whether this node is not in the validator set. Its connections then carry no votes. */
export function isOutside({ members }: Pick<Situation, "members">): boolean {
  return !members.some(({ self }) => self);
}

/**
 * Tells whether peers have finalized more than one block after this node's head. One block ahead is
 * normal: this node may be about to finalize it.
 */
export function isBehind({ consensus, head }: Pick<Situation, "consensus" | "head">): boolean {
  return (consensus?.behind ?? 0) > head.sequence + 1;
}

/**
 * Tells whether this node lacks blocks. The validator set that it knows may then be long outdated.
 */
export function isCatchingUp(situation: Situation): boolean {
  const { seeking, consensus } = situation;
  return seeking !== undefined || consensus?.joining !== undefined || isBehind(situation);
}

/** Returns the voting power of some members. */
export function powerOf(members: readonly Member[]): bigint {
  return members.reduce((total, { power }) => total + power, 0n);
}

/** Returns the voting power of the members that are connected. */
export function reachedPower(members: readonly Member[]): bigint {
  return powerOf(members.filter(({ connected }) => connected));
}

/**
 * Formats a part of the voting power as `62.5 %`. It is rounded down, so that the text never claims
 * more than is true.
 */
export function share(part: bigint, total: bigint): string {
  return total === 0n ? "0 %" : `${Number((part * 1_000n) / total) / 10} %`;
}
