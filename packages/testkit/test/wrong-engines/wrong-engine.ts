import type { Attack, RandomWorldOptions, WorldOptions } from "@aethel/testkit";
import type { Edit } from "./patch.ts";

/** The production engine with a rule broken. */
export interface WrongEngine {
  readonly name: string;
  /** Rule that it breaks. */
  readonly breaks: string;
  readonly edits: readonly Edit[];
  /** Options of its random worlds. */
  readonly world?: Omit<RandomWorldOptions, "seed">;
  /** Options that replace drawn ones. */
  readonly instead?: Partial<WorldOptions>;
  /** Place of the Byzantine node with which an exploration of views 0 to 2 finds it too. */
  readonly explored?: number;
  /**
   * Place of the Byzantine node with which it does not recover in an exploration once faults are
   * off.
   */
  readonly recovers?: number;
  /** Powers in these explorations. Default: 1,1,1,1. */
  readonly powers?: readonly number[];
  /**
   * Seed of a world of `drawWorld` that shows it. Undefined: 400 worlds did not, and exploration
   * does.
   */
  readonly seed?: number;
  /**
   * Attack under which it leaves less than four fifths of what crashes leave; `crashed`: under
   * crashes less than 85 % of what there is without.
   */
  readonly costs?: Partial<Attack> | "crashed";
  /** Checkers that may find it in worlds. */
  readonly by: readonly string[];
}
