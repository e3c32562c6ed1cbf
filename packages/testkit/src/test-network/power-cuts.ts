import type { Observation } from "../checkers/checker.ts";
import { act } from "./actions.ts";
import type { WorldParts } from "./assemble.ts";

/**
 * Factor of the crash probability after a ViewChange. ViewChanges are rarer than votes, and a crash
 * after one is as interesting.
 */
const REQUEST_WEIGHT = 8;

/** Crashes of nodes that have just sent a message, as the world's options demand. */
export interface PowerCuts {
  readonly afterStep: (observations: readonly Observation[]) => Promise<void>;
  /** Ends the power cuts: none happens afterwards. */
  readonly end: () => void;
}

/** Creates the power cuts of a world. */
export function createPowerCuts(parts: WorldParts): PowerCuts {
  const { powerCuts } = parts.world;
  const random = parts.random.fork("power-cuts");
  let left = powerCuts?.most ?? 0;
  return {
    end() {
      left = 0;
    },
    async afterStep(observations) {
      for (const observation of observations) {
        if (powerCuts === undefined || left === 0) return;
        if (observation.type !== "said") continue;
        const { node, message } = observation;
        const weight = message.type === "view-change" ? REQUEST_WEIGHT : 1;
        if (!random.chance(Math.min(1, weight * powerCuts.rate))) continue;
        left -= 1;
        const damaged = powerCuts.damaging?.includes(node) === true && random.chance(0.5);
        const cut = { node, forMs: powerCuts.downMs };
        if (damaged) await act(parts, { type: "flip-bit", bit: random.below(2 ** 20), ...cut });
        else await act(parts, { type: "crash", ...cut });
      }
    },
  };
}
