import { STRATEGIES } from "../byzantine/catalogue.ts";
import { drawTiming, mutateTiming } from "../byzantine/timing/draw-timing.ts";
import { NAMED_PLANS } from "../byzantine/timing/named-plans.ts";
import type { TimingPlan } from "../byzantine/timing/timing-plan.ts";
import { createRandom, type Random } from "../random.ts";
import type { WorldOptions } from "../scenario/world-options.ts";
import { throughputRatio, turnsLostPerFaultyTurn } from "./throughput.ts";
import {
  isNear,
  type MeasuredSpan,
  measureCrashed,
  measureThroughput,
} from "./throughput-trial.ts";

/** Behaviour of the Byzantine nodes of a world, as plain data. */
export interface Attack {
  readonly timing: TimingPlan;
  /** Names of strategies that the Byzantine nodes follow in addition to the plan. */
  readonly strategies: readonly string[];
}

/** An attack, and the throughput that it leaves. */
export interface TriedAttack {
  readonly attack: Attack;
  /**
   * Throughput that is left. Where delays are short, the ratio to the throughput with the same
   * nodes crashed. Where they are long, the inverse of the cost of each turn of a Byzantine leader,
   * in turns of a crashed leader. Lower is worse.
   */
  readonly left: number;
}

/** World, seed and limits of a search. */
export interface AttackSearch {
  readonly world: WorldOptions;
  readonly seed: number;
  /** Number of attacks to try. */
  readonly tries: number;
  readonly measured: MeasuredSpan;
  /** Called after each attack. If it returns `false`, the search ends. */
  readonly onTried?: (tried: TriedAttack, count: number) => boolean;
}

/** Number of attacks that the search keeps and changes further: the worst ones so far. */
const KEPT = 8;
const FRESH_RATE = 0.15;
const STRATEGY_RATE = 0.15;

/**
 * Searches for the attack that leaves the least throughput. It begins with the named plans, then
 * draws new plans or changes one of the eight worst so far (an evolution strategy). Returns the
 * eight worst attacks, the worst one first.
 */
export async function searchWorstAttack(search: AttackSearch): Promise<readonly TriedAttack[]> {
  const { world, seed, tries, measured, onTried } = search;
  const random = createRandom(seed).fork("attacks");
  const leaves = await createScore(world, measured);
  const seeds: readonly Attack[] = Object.values(NAMED_PLANS).map((timing) => ({
    timing,
    strategies: [],
  }));
  let kept: readonly TriedAttack[] = [];
  const seen = new Set<string>();
  for (let count = 0; count < tries; count++) {
    const attack = seeds[count] ?? nextAttack(random, kept);
    const name = JSON.stringify(attack);
    if (seen.has(name)) continue;
    seen.add(name);
    const tried = { attack, left: await leaves(attack) };
    kept = [...kept, tried].toSorted((a, b) => a.left - b.left).slice(0, KEPT);
    if (onTried?.(tried, count + 1) === false) break;
  }
  return kept;
}

async function createScore(
  world: WorldOptions,
  measured: MeasuredSpan,
): Promise<(attack: Attack) => Promise<number>> {
  const crashed = await measureCrashed(world, measured);
  return async (attack) => {
    const attacked = await measureThroughput({ ...world, ...attack }, measured);
    if (isNear(world)) return throughputRatio({ attacked, crashed });
    return 1 / Math.max(0.01, turnsLostPerFaultyTurn({ attacked, crashed }));
  };
}

function nextAttack(random: Random, kept: readonly TriedAttack[]): Attack {
  if (kept.length === 0 || random.chance(FRESH_RATE)) {
    return { timing: drawTiming(random), strategies: drawBeside(random) };
  }
  // The worst ones are parents more often: the smaller of two draws is taken.
  const at = Math.min(random.below(kept.length), random.below(kept.length));
  const parent = kept[at]?.attack;
  if (parent === undefined) return { timing: drawTiming(random), strategies: [] };
  if (random.chance(STRATEGY_RATE)) return { ...parent, strategies: drawBeside(random) };
  const once = mutateTiming(random, parent.timing);
  const timing = random.chance(0.4) ? mutateTiming(random, once) : once;
  return { ...parent, timing };
}

function drawBeside(random: Random): readonly string[] {
  if (random.chance(0.6)) return [];
  const names = STRATEGIES.filter(({ isOfLedger }) => isOfLedger !== true).map(({ name }) => name);
  return [random.pick(names)];
}
