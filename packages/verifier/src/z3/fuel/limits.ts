/**
 * Limits on work and memory that the solver does not count itself. They decide verdicts, so they
 * are part of `JUDGE_VERSION`.
 *
 * One unit of fuel is one pass through the head of a loop or the entry of a function, weighted by
 * its instructions (1 to 16), or 64 bytes of memory that are moved at once. Measured over 130 kinds
 * of hostile scripts: a core burns 0.7 to 7 thousand million a second.
 */

/**
 * Fuel of a payload at its start: two seconds of the slowest kind. Measured: of 200 real scripts
 * none burns a third of it while Z3 counts little.
 */
export const FUEL_BASE = 1_200_000_000;

/**
 * Fuel for each unit that Z3 has counted so far. Measured: of 170 real scripts that are decided at
 * the default limit, the greediest needs 1,200 for each.
 */
export const FUEL_PER_UNIT = 2_000;

/** Greatest size of the solver's memory, in bytes: half of its room. */
export const HEAP_BYTES_MAX = 2 ** 30;
