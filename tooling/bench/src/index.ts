/**
 * Timing for benches: subjects are run in turns, and compared by the ratio of their times in each
 * round. A bench is a `bench/*.bench.ts` of a package; `npm run bench -- <package>` builds and runs
 * it. Figures are printed and never asserted. A bench fails only if its subject did no work, since
 * the figures would then mean nothing. With `--smoke` a bench runs every part at a tiny size, for a
 * test.
 * @packageDocumentation
 */

// Timing
export { interleave, median, medianOf, ratioOf, type Subject, type Timings } from "./interleave.ts";

// Work
export { demandWork, isSmoke, sized } from "./smoke.ts";

// Output
export { printFigure, printPlace, printSkipped } from "./report.ts";
