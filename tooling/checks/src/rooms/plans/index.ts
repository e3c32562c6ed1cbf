import type { RoomPlan } from "../plan.ts";
import { LEDGER } from "./ledger.ts";
import { MERKLE } from "./merkle.ts";
import { MODELS } from "./models.ts";
import { NODE } from "./node.ts";
import { P2P } from "./p2p.ts";
import { PBFT } from "./pbft.ts";
import { REWARDS } from "./rewards.ts";
import { SIMULATOR } from "./simulator.ts";
import { TERMINAL } from "./terminal.ts";
import { TESTKIT } from "./testkit.ts";
import { VERIFIER } from "./verifier.ts";

/** Plans by name of the package or app. A package without a plan is printed but not checked. */
export const PLANS: Readonly<Record<string, RoomPlan>> = {
  ledger: LEDGER,
  merkle: MERKLE,
  models: MODELS,
  node: NODE,
  p2p: P2P,
  pbft: PBFT,
  rewards: REWARDS,
  simulator: SIMULATOR,
  terminal: TERMINAL,
  testkit: TESTKIT,
  verifier: VERIFIER,
};
