import type { ConsensusMessage } from "@aethel/models";
import { sequenceOf } from "@aethel/pbft";
import type { Random } from "../random.ts";
import type { Scheduler } from "../virtual-time/scheduler.ts";
import type { Links } from "./links.ts";

/**
 * Attack of the network on the protocol, in some sequences, from their first vote on.
 *
 * - `hidden-commit`: COMMIT votes reach one node only, and from the first COMMIT on all that this
 *   node sends is lost. So it may be the only one to know that the block is final. An engine that
 *   loses a lock forks the chain.
 * - `two-locks`: one node alone gets the certificate of view 0, and all others that of view 1. The
 *   COMMITs of view 1 reach only one of these. An engine that takes the older lock forks the chain.
 * - `hidden-votes`: the votes of view 0 reach one node only, and all that it sends after its COMMIT
 *   is lost. With nearly a third of the power Byzantine, it may be the only node to know that the
 *   block is final, or even prepared.
 * - `starvation`: every PREPARE is lost and all else arrives, so one view follows another.
 */
export interface AmbushConfig {
  /** Fraction of the sequences in which the attack happens. */
  readonly rate: number;
  /** Duration in milliseconds of the attack on a sequence, from the first vote on. */
  readonly holdMs: number;
  /** Kind of attack; `AmbushConfig` explains each. Default `hidden-commit`. */
  readonly plan?: "hidden-commit" | "two-locks" | "hidden-votes" | "starvation";
}

/** A message on its way from one node to another. */
export interface Passage {
  readonly message: ConsensusMessage;
  readonly from: number;
  readonly to: number;
}

/** Returns whether the attack drops a message. MUST be called once for every message, in order. */
export type Ambush = (passage: Passage) => boolean;

interface Surroundings {
  readonly config: AmbushConfig;
  readonly links: Links;
  readonly random: Random;
  readonly scheduler: Scheduler;
  /** Honest nodes, one of which is the victim. Hiding things from a Byzantine node is no attack. */
  readonly honest: readonly number[];
}

/**
 * Attack on one sequence. It lasts until `untilMs`. For a sequence that is not attacked, this time
 * has passed already.
 */
interface Trap {
  readonly untilMs: number;
  readonly swallows: Ambush;
}

/**
 * Creates an attack over these links. It ends once `isOver` returns true, which it does after
 * `links.heal`.
 */
export function createAmbush(options: Surroundings & { readonly isOver: () => boolean }): Ambush {
  const { config, random, scheduler, isOver } = options;
  const traps = new Map<number, Trap>();
  const { plan = "hidden-commit" } = config;
  const spring = (sequence: number): Trap => {
    const draws = random.fork(`ambush/${sequence}`);
    const lasts = draws.chance(config.rate) ? config.holdMs : 0;
    const untilMs = scheduler.nowMs + lasts;
    const swallows = lasts === 0 ? () => false : PLANS[plan](options, draws, untilMs);
    return { untilMs, swallows };
  };
  return (passage) => {
    if (isOver()) return false;
    const sequence = sequenceOf(passage.message);
    const first = plan === "hidden-commit" ? "commit" : "prepare";
    const known = traps.get(sequence);
    if (known === undefined && passage.message.type !== first) return false;
    const trap = known ?? spring(sequence);
    traps.set(sequence, trap);
    return scheduler.nowMs < trap.untilMs && trap.swallows(passage);
  };
}

type Plan = (surroundings: Surroundings, draws: Random, untilMs: number) => Ambush;

const PLANS: Readonly<Record<NonNullable<AmbushConfig["plan"]>, Plan>> = {
  "hidden-commit": hiddenCommit,
  "two-locks": twoLocks,
  "hidden-votes": hiddenVotes,
  starvation: () => (passage) => passage.message.type === "prepare",
};

function hiddenCommit({ links, honest }: Surroundings, draws: Random, untilMs: number): Ambush {
  const victim = draws.pick(honest);
  links.mute(victim, untilMs);
  return ({ message, to }) => message.type === "commit" && to !== victim;
}

function hiddenVotes({ links, honest }: Surroundings, draws: Random, untilMs: number): Ambush {
  const victim = draws.pick(honest);
  return ({ message, from, to }) => {
    if (message.type !== "prepare" && message.type !== "commit") return false;
    if (message.view > 0) return false;
    if (message.type === "commit" && from === victim) links.mute(victim, untilMs);
    return to !== victim;
  };
}

function twoLocks({ links, honest }: Surroundings, draws: Random, untilMs: number): Ambush {
  const [older = 0, younger = 0] = draws.shuffle(honest);
  let olderAskedAgain = false;
  return ({ message, from, to }) => {
    switch (message.type) {
      case "prepare":
        return message.view === 0 ? to !== older : message.view === 1 && to === older;
      case "commit":
        if (message.view === 0) return true;
        if (message.view > 1) return false;
        // From here on the node that learns that the block is final is not heard.
        links.mute(younger, untilMs);
        return to !== younger;
      case "view-change": {
        const { newView } = message.body;
        if (newView >= 2 && from === older) olderAskedAgain = true;
        if (newView === 1) return from === older;
        return to === older && !olderAskedAgain;
      }
      case "pre-prepare":
      case "new-view":
        return false;
    }
  };
}
