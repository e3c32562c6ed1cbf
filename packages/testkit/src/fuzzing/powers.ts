import type { Random } from "../random.ts";

/** Draws powers: all equal in most worlds, otherwise 1 to 4 each. */
export function drawPowers(random: Random, nodeCount: number): readonly number[] {
  const equal = random.chance(0.6);
  return Array.from({ length: nodeCount }, () => (equal ? 1 : 1 + random.below(4)));
}

/**
 * Returns a list with the index of the node with the least power. If there are four or more nodes,
 * this node has less than a third of the power.
 */
export function weakest(powers: readonly number[]): readonly number[] {
  return [powers.indexOf(Math.min(...powers))];
}

/**
 * Draws more nodes in addition to `already`, and returns all of them. Together they have less than
 * a third of the power. The greatest number of nodes to add is random.
 */
export function drawByzantine(
  random: Random,
  powers: readonly number[],
  already: readonly number[] = [],
): readonly number[] {
  const total = powers.reduce((sum, power) => sum + power, 0);
  const most = already.length + random.below(powers.length);
  const chosen: number[] = [...already];
  let power = already.reduce((sum, node) => sum + (powers[node] ?? 0), 0);
  for (const node of random.shuffle([...powers.keys()])) {
    const own = powers[node] ?? 0;
    if (chosen.includes(node) || chosen.length >= most || (power + own) * 3 >= total) continue;
    chosen.push(node);
    power += own;
  }
  return chosen.toSorted((left, right) => left - right);
}
