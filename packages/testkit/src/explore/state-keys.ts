import { toHex } from "@aethel/models";
import { mirrored } from "../model/model-state.ts";
import type { EngineState } from "./engine-state.ts";
import type { EngineWorld } from "./engine-world.ts";
import { createFingerprints } from "./fingerprint.ts";

/**
 * Creates a function that gives each state a key. Two states have the same key if they are equal,
 * or become equal when the Byzantine node's two blocks are exchanged.
 */
export function createKeys(world: EngineWorld, byzantine: number): (state: EngineState) => string {
  const names = new Map<string, number>();
  const twins = new Map<string, string>();
  const plain = createFingerprints(names);
  const swapped = createFingerprints(names, (hex) => twins.get(hex) ?? hex);
  const learn = (head: Parameters<typeof world.chain.blockBy>[0]): void => {
    const [one, other] = [0, 1].map((variant) =>
      toHex(world.chain.blockBy(head, byzantine, variant === 0 ? 0 : 1).digest),
    );
    if (one === undefined || other === undefined) return;
    twins.set(one, other);
    twins.set(other, one);
  };
  learn(world.chain.head);
  const known = new Set<unknown>();
  return (state) => {
    for (const node of state.nodes) {
      if (node === undefined || known.has(node.head)) continue;
      known.add(node.head);
      learn(node.head);
    }
    const { nodes, soup, models, done } = state;
    const timers = state.timers.map((own) =>
      [...own.keys()].toSorted((left, right) => (left < right ? -1 : 1)).join(),
    );
    const mirror = models.map((model, at) => {
      const config = world.configs[at];
      return config === undefined ? model : mirrored(config, model);
    });
    const left = plain.of({ nodes, soup, models, done, timers });
    const right = swapped.of({ nodes, soup, models: mirror, done, timers });
    return left < right ? `${left}` : `${right}`;
  };
}
