import { DISKS } from "./disks.ts";
import { LOCKS_AND_VIEWS } from "./locks-and-views.ts";
import { LOST_STATE } from "./lost-state.ts";
import { STANDSTILL } from "./standstill.ts";
import { THROUGHPUT } from "./throughput.ts";
import { VOTES_AND_TIME } from "./votes-and-time.ts";
import type { WrongEngine } from "./wrong-engine.ts";

/**
 * Wrong engines, each of which a checker must find in a random world. Texts are of
 * `packages/pbft/src`.
 */
export const WRONG_ENGINES: readonly WrongEngine[] = [
  ...LOCKS_AND_VIEWS,
  ...VOTES_AND_TIME,
  ...STANDSTILL,
  ...DISKS,
  ...LOST_STATE,
  ...THROUGHPUT,
];
