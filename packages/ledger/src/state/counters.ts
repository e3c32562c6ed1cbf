import { AMOUNT_MAX, type Amount, toAmount } from "@aethel/models";

// Counters are for people, and some grow with what users do for as long as they like: tips that a
// proposer pays to itself go round. At the end of their range they stay there.

/** Largest value of a counter of four bytes. */
const COUNT_MAX = 0xffff_ffff;

/** Adds to a counter of four bytes. The result is at most the largest value of four bytes. */
export function countUp(count: number, more: number): number {
  return Math.min(count + more, COUNT_MAX);
}

/** Adds to a sum that is for display only. The result is at most the largest `Amount`. */
export function sumUp(sum: Amount, more: bigint): Amount {
  const all = sum + more;
  return toAmount(all < AMOUNT_MAX ? all : AMOUNT_MAX);
}
