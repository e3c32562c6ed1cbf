import type { Observation } from "../checkers/checker.ts";
import type { WorldParts } from "./assemble.ts";

/** Crashes nodes that have just said something, as the options of the world have it. */
export function createPowerCuts(
  parts: WorldParts,
  crash: (options: { readonly node: number; readonly forMs: number }) => Promise<void>,
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
        if (observation.type !== "said" || !random.chance(powerCuts.rate)) continue;
        left -= 1;
        await crash({ node: observation.node, forMs: powerCuts.downMs });
      }
    },
  };
}
