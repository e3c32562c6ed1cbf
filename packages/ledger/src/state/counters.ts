import { AMOUNT_MAX, type Amount, toAmount } from "@aethel/models";

// Counters are for people, and some grow with what users do for as long as they like: tips that a
// proposer pays to itself go round. At the end of their range they stay there.

/** Most that a counter of four bytes holds. */
const COUNT_MAX = 0xffff_ffff;

/** A counter of four bytes with more on it. */
export function countUp(count: number, more: number): number {
  return Math.min(count + more, COUNT_MAX);
}

/** A sum that is only told, never spent, with more on it. */
export function sumUp(sum: Amount, more: bigint): Amount {
  const all = sum + more;
  return toAmount(all < AMOUNT_MAX ? all : AMOUNT_MAX);
}
