import type { Observation } from "../checkers/checker.ts";
import type { WorldParts } from "./assemble.ts";

/** Requests for a view are rare among votes, and as worth a cut. */
const REQUEST_WEIGHT = 8;

/** A crash; `bit` is one that flips on the disk meanwhile. */
export interface PowerCut {
  readonly node: number;
  readonly forMs: number;
  readonly bit: number | undefined;
}

/** Crashes nodes that have just said something, as the options of the world have it. */
export function createPowerCuts(
  parts: WorldParts,
  cutOff: (cut: PowerCut) => Promise<void>,
): { readonly afterStep: (observations: readonly Observation[]) => Promise<void>; end(): void } {
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
        const bit = damaged ? random.below(2 ** 20) : undefined;
        await cutOff({ node, forMs: powerCuts.downMs, bit });
      }
    },
  };
}
