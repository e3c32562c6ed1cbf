/** Conditions of one direction between two hosts. Each that is absent is ideal. */
export interface LinkConditions {
  readonly delayMs?: number;
  readonly jitterMs?: number;
  /** Part of the packets that is lost, from 0 to 1, at random and independently. */
  readonly lossShare?: number;
  readonly cut?: true;
}

/** Conditions of a whole network. */
export interface Conditions {
  /** Conditions from one host to another, by their numbers. */
  readonly between: (from: number, to: number) => LinkConditions;
  /** Rate at which each host sends, and receives. Undefined: not limited. */
  readonly bitsPerSecond?: number;
}

/** Conditions of an ideal network. */
export const IDEAL: Conditions = { between: () => ({}) };

/** The same conditions for each link. */
export function everywhere(link: LinkConditions): Conditions {
  return { between: () => link };
}

/** Cuts all links between two groups of hosts, in both directions. Other links stay as they are. */
export function split(
  conditions: Conditions,
  groups: readonly [readonly number[], readonly number[]],
): Conditions {
  const [left, right] = groups;
  const isCut = (from: number, to: number): boolean =>
    (left.includes(from) && right.includes(to)) || (right.includes(from) && left.includes(to));
  return {
    ...conditions,
    between: (from, to) =>
      isCut(from, to)
        ? { ...conditions.between(from, to), cut: true }
        : conditions.between(from, to),
  };
}
