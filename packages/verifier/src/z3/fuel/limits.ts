/**
 * Limits on what the solver does and does not count itself. They decide verdicts, so they belong
 * to `JUDGE_VERSION`.
 *
 * One of fuel is one pass through the head of a loop or the entry of a function, weighed by its
 * instructions (1 to 16), or 64 bytes of memory that are moved at once. Measured over 130 kinds of
 * hostile scripts: a second of a core burns 0.7 to 7 thousand million.
 */

/**
 * Fuel that a payload has from the start: two seconds for the slowest kind. Measured: of 200 real
 * scripts none burns a third of it while Z3 counts little.
 */
export const FUEL_BASE = 1_200_000_000;

/**
 * Fuel for each unit that Z3 has counted so far. Measured: of 170 real scripts that are decided
 * at the default limit, the greediest needs 1,200 for each.
 */
export const FUEL_PER_UNIT = 2_000;

/** Bytes that the solver may hold: half of what its memory has room for. */
export const HEAP_BYTES_MAX = 2 ** 30;
