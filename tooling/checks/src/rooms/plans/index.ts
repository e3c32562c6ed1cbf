import type { RoomPlan } from "../plan.ts";
import { MERKLE } from "./merkle.ts";
import { MODELS } from "./models.ts";
import { P2P } from "./p2p.ts";
import { PBFT } from "./pbft.ts";

/** Plans by package, for those that are arranged in rooms. The others are printed, not judged. */
export const PLANS: Readonly<Record<string, RoomPlan>> = {
  merkle: MERKLE,
  models: MODELS,
  p2p: P2P,
  pbft: PBFT,
};
