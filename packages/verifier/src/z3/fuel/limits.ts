/**
 * Limits on what the solver does and does not count itself. They decide verdicts, so they belong
 * to `JUDGE_VERSION`.
 *
 * One of fuel is one pass through the head of a loop or the entry of a function, weighed by its
 * instructions (1 to 16), or 16 bytes of memory that are moved at once: about a nanosecond.
 */

/**
 * Fuel that a payload has from the start.
 */
export const FUEL_BASE = 1_000_000_000;

/** Fuel for each unit that Z3 has counted so far. */
export const FUEL_PER_UNIT = 2_000;

/** Bytes that the solver may hold: half of what its memory has room for. */
export const HEAP_BYTES_MAX = 2 ** 30;
