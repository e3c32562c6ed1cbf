import type { Member, Situation } from "./situation.ts";

/** Whether this node is no member of the set, so that its connections carry no votes of the set. */
export function isOutside({ members }: Pick<Situation, "members">): boolean {
  return !members.some(({ self }) => self);
}

/** Whether peers have more than the block after the head, which this node is about to finalize. */
export function isBehind({ consensus, head }: Pick<Situation, "consensus" | "head">): boolean {
  return (consensus?.behind ?? 0) > head.sequence + 1;
}

/** Whether the set that this node knows may have been replaced long ago. */
export function isCatchingUp(situation: Situation): boolean {
  const { seeking, consensus } = situation;
  return seeking !== undefined || consensus?.joining !== undefined || isBehind(situation);
}

/** Voting power of some members. */
export function powerOf(members: readonly Member[]): bigint {
  return members.reduce((total, { power }) => total + power, 0n);
}

/** Voting power of the members that are connected. */
export function reachedPower(members: readonly Member[]): bigint {
  return powerOf(members.filter(({ connected }) => connected));
}

/** A part of the power as `62.5 %`, rounded down so that it never claims more than is reached. */
export function share(part: bigint, total: bigint): string {
  return total === 0n ? "0 %" : `${Number((part * 1_000n) / total) / 10} %`;
}
