/**
 * Timing for benches: subjects are run in turns, and compared by the ratio of their times in each
 * round. A bench is a `bench/*.bench.ts` of a package; `npm run bench -- <package>` builds and runs
 * it. Figures are printed, never asserted; that there is work behind them is. A bench ends with an
 * error if its subject did nothing. `--smoke` makes it do a little of everything, for a test.
 *
 * @packageDocumentation
 */

// Timing
export { interleave, median, medianOf, ratioOf, type Subject, type Timings } from "./interleave.ts";

// Work
export { demandWork, isSmoke, sized } from "./smoke.ts";

// Output
export { printFigure, printPlace, printSkipped } from "./report.ts";
