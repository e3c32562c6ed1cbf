/**
 * Limits on work and memory that the solver does not count itself. They decide verdicts, so every
 * change must raise `JUDGE_VERSION`.
 *
 * One unit of fuel is one pass through the head of a loop or the entry of a function, weighted by
 * its instructions (1 to 16), or 64 bytes of memory that one operation moves. Measured over 130
 * kinds of hostile scripts: a core burns 0.7 to 7 thousand million units of fuel a second.
 */

/**
 * Fuel that a payload has at its start: about two seconds of the slowest work. Measured: none of
 * 200 real scripts burns a third of it while Z3 counts little.
 */
export const FUEL_BASE = 1_200_000_000;

/**
 * Fuel for each resource unit that Z3 has counted so far. Measured: of 170 real scripts that are
 * decided at the default limit, the greatest need is 1,200 for each unit.
 */
export const FUEL_PER_UNIT = 2_000;

/** Greatest size of the solver's heap, in bytes. It is half of the solver's memory. */
export const HEAP_BYTES_MAX = 2 ** 30;
