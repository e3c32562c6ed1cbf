/**
 * Genesis files that people write: YAML with comments, amounts in tokens, keys in hex, times and
 * sizes with units. The reader reports all problems at once, each with its place and how to repair
 * it.
 *
 * It is an entry of its own, so that programs without genesis files do not load the YAML parser.
 *
 * @packageDocumentation
 */

// Reading
export { readGenesisFile } from "./read.ts";
export type { GenesisReading, GenesisRule } from "./reading.ts";
export type { Problem } from "../problem.ts";
export type { Place, PlacedProblem } from "./source.ts";
export { explainProblems } from "./explain.ts";

// Writing
export { writeGenesisFile } from "./write.ts";

// Founding
export {
  addFounder,
  addFounderToFile,
  type Founder,
  findFounderProblems,
  readGenesisDraft,
} from "./draft.ts";
