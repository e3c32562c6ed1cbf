import type { RandomWorldOptions } from "@aethel/testkit";
import type { Edit } from "./patch.ts";

/** The production engine with a rule broken. */
export interface WrongEngine {
  readonly name: string;
  /** Which rule. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
  /** What else its worlds are like. */
  readonly world?: Omit<RandomWorldOptions, "seed">;
  /** Place of the Byzantine node in whose exploration, views 0 to 2, it is found as well. */
  readonly explored?: number;
  /** Place of the Byzantine node from whose exploration it does not recover once faults are off. */
  readonly recovers?: number;
  /** Powers in these explorations. Default: 1,1,1,1. */
  readonly powers?: readonly number[];
  /** Seed of a world of `drawWorld` that shows it. None: 400 did not, and exploration does. */
  readonly seed?: number;
  /** One world in about a hundred thousand shows it: only its known one is looked at, always. */
  readonly rare?: true;
  /** The checkers that may find it in worlds. */
  readonly by: readonly string[];
}
