import type { Attack, RandomWorldOptions, WorldOptions } from "@aethel/testkit";
import type { Edit } from "./patch.ts";

/** The production engine with a rule broken. */
export interface WrongEngine {
  readonly name: string;
  /** Which rule. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
  /** What else its worlds are like. */
  readonly world?: Omit<RandomWorldOptions, "seed">;
  /** What takes the place of what is drawn. */
  readonly instead?: Partial<WorldOptions>;
  /** Place of the Byzantine node in whose exploration, views 0 to 2, it is found as well. */
  readonly explored?: number;
  /** Place of the Byzantine node from whose exploration it does not recover once faults are off. */
  readonly recovers?: number;
  /** Powers in these explorations. Default: 1,1,1,1. */
  readonly powers?: readonly number[];
  /** Seed of a world of `drawWorld` that shows it. None: 400 did not, and exploration does. */
  readonly seed?: number;
  /**
   * Under this attack it leaves less than four fifths of what crashes leave; `crashed`: under crashes
   * less than 85 % of what there is without.
   */
  readonly costs?: Partial<Attack> | "crashed";
  /** The checkers that may find it in worlds. */
  readonly by: readonly string[];
}
