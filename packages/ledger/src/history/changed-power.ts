import { equalBytes, toHex, type ValidatorSet } from "@aethel/models";

/** Difference between two successive validator sets. */
export interface SetChange {
  /** Sum of the absolute changes of power of all members, old and new. */
  readonly power: bigint;
  /** Old power of the members that stay in the set with another key. */
  readonly rotatedPower: bigint;
  /** Number of the members that stay in the set with another key. */
  readonly rotated: number;
}

/** Compares two validator sets member by member. */
export function changeOfSet(before: ValidatorSet, after: ValidatorSet): SetChange {
  const was = new Map(before.validators.map((member) => [toHex(member.id), member]));
  const change = { power: 0n, rotatedPower: 0n, rotated: 0 };
  for (const { id, key, power } of after.validators) {
    const known = was.get(toHex(id));
    was.delete(toHex(id));
    const from: bigint = known?.power ?? 0n;
    change.power += power > from ? power - from : from - power;
    if (known === undefined || equalBytes(known.key, key)) continue;
    change.rotatedPower += from;
    change.rotated += 1;
  }
  for (const { power } of was.values()) change.power += power;
  return change;
}
