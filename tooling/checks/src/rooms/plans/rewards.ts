import type { RoomPlan } from "../plan.ts";

/** Rooms of `packages/rewards`. Fees, minting and staking do not import each other. */
export const REWARDS: RoomPlan = {
  fees: { holds: "charges, lanes, weights and base fees", imports: "parameters ratio" },
  minting: {
    holds: "emission, and the division of a block's reward",
    imports: "parameters ratio errors",
  },
  staking: {
    holds: "voting power, unbonding, slashes and absence",
    imports: "parameters ratio errors",
  },
  parameters: { holds: "the economic parameters, and their bounds", imports: "ratio" },
  ratio: { holds: "units, rounding and natural numbers", imports: "errors" },
  errors: { holds: "the error class", imports: "" },
};
