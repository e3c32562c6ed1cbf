/**
 * Timing for benches: subjects are run in turns, and compared by the ratio of their times in each
 * round. A bench is a `bench/*.bench.ts` of a package; `npm run bench -- <package>` builds and runs
 * it. Figures are printed, never asserted.
 *
 * @packageDocumentation
 */

// Timing
export { interleave, median, medianOf, ratioOf, type Subject, type Timings } from "./interleave.ts";

// Output
export { printFigure, printPlace, printSkipped } from "./report.ts";
