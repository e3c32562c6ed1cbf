/**
 * Parts that the command lines of the apps share. This package is private: only packages in `apps/`
 * import it.
 * @packageDocumentation
 */

// Text
export { coloursOf } from "./colours.ts";
export { count, group } from "./numbers.ts";

// Command line
export { onOneLine } from "./complaint.ts";
export { natural, positive } from "./option-values.ts";

// Process
export { endWithReader, exitCodeOfParsing, oldNodeProblem } from "./process.ts";
export { INTERRUPTED, listenForStop, type StopSignal } from "./stop-signal.ts";
