import type { ConsensusMessage } from "@aethel/models";
import type { Links } from "./links.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * A network that plays against the protocol. In some sequences COMMIT votes reach one node only,
 * and from the first such vote on nobody hears that node any more: it alone may know that the block
 * is final, while the rest must change views. Whoever loses a lock then forks the chain.
 */
export interface AmbushConfig {
  /** Part of the sequences in which it happens. */
  readonly rate: number;
  /** How long, from the first COMMIT on. */
  readonly holdMs: number;
}

/** Says for each message whether the ambush swallows it; sees every message once. */
export type Ambush = (message: ConsensusMessage, to: number) => boolean;

/** An ambush over these links. It ends with `links.heal`, which the caller tells by `isOver`. */
export function createAmbush(options: {
  readonly config: AmbushConfig;
  readonly links: Links;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly nodeCount: number;
  readonly isOver: () => boolean;
}): Ambush {
  const { config, links, random, scheduler, nodeCount, isOver } = options;
  const victims = new Map<number, { readonly node: number; readonly untilMs: number }>();
  const spring = (sequence: number): { readonly node: number; readonly untilMs: number } => {
    const draws = random.fork(`ambush/${sequence}`);
    const lasts = draws.chance(config.rate) ? config.holdMs : 0;
    const victim = { node: draws.below(nodeCount), untilMs: scheduler.nowMs + lasts };
    if (lasts > 0) links.mute(victim.node, victim.untilMs);
    return victim;
  };
  return (message, to) => {
    if (message.type !== "commit" || isOver()) return false;
    const victim = victims.get(message.sequence) ?? spring(message.sequence);
    victims.set(message.sequence, victim);
    return to !== victim.node && scheduler.nowMs < victim.untilMs;
  };
}
