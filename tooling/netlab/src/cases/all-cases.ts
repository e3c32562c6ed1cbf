import { BRIEF } from "./brief.ts";
import type { Case } from "./case.ts";
import { JOINERS } from "./joiners.ts";
import { MOVES } from "./moves.ts";
import { PARTITIONS } from "./partitions.ts";
import { RESTARTS } from "./restarts.ts";
import { STEADY } from "./steady.ts";

/** All cases, in the order of the report. */
export const CASES: readonly Case[] = [...STEADY, ...PARTITIONS, ...RESTARTS, ...JOINERS, ...MOVES];

/** Finds a case by its name. `brief` is one that the report leaves out. */
export function findCase(name: string): Case | undefined {
  return [...CASES, BRIEF].find((each) => each.name === name);
}
