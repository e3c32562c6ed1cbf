import { toAmount } from "@aethel/models";
import { nextBaseFee, WHOLE_LANE, weightPrice } from "../src/index.ts";

/** Buyer that waits for room, and pays the base fee up to a limit, and a tip. */
interface Waiting {
  readonly weight: bigint;
  /** Most that the buyer pays in all, and its tip, for each million units of weight. */
  readonly limit: bigint;
  readonly tip: bigint;
}

/** A market for the room of one lane, with a proposer that has every third turn or fewer. */
export interface Market {
  readonly name: string;
  /** Average new demand in each block, in hundredths of half the share. */
  readonly demand: bigint;
  /** Tips are spread around this part of the first base fee, in hundredths. */
  readonly tips: bigint;
  /** Whether a block is one of the proposer's turns. */
  readonly leads: (block: number) => boolean;
  /** Whether base fees are burned; false only to show that the model detects the difference. */
  readonly burns: boolean;
}

/**
 * Policy of a proposer for its own blocks, in quarters; with `every`, for each n-th of them only.
 */
export interface Policy {
  /** Part of the available demand that it takes. */
  readonly include: number;
  /** Part of the remaining room that it fills with proofs of its own, which tip itself. */
  readonly stuff: number;
  readonly every: number;
}

const HONEST: Policy = { include: 4, stuff: 0, every: 1 };
const BLOCKS = 160;
const SEEDS = [77, 154, 231, 308, 385, 462, 539, 616];
/** Blocks after which a waiting buyer leaves. */
const WAITING_MAX = 200;
const START = 1_000_000n;
const FLOOR = toAmount(1_000n);

/**
 * Markets from idle to crowded, with small and large tips, and turns that are spread or in a row.
 */
export function markets(): readonly Market[] {
  const turns = {
    spread: (block: number): boolean => block % 3 === 1,
    "in a row": (block: number): boolean => block % 9 < 3,
  };
  return Object.entries(turns).flatMap(([turn, leads]) =>
    [40n, 100n, 250n].flatMap((demand) =>
      [2n, 50n].map((tips) => ({
        name: `demand ${demand} %, tips ${tips} %, turns ${turn}`,
        demand,
        tips,
        leads,
        burns: true,
      })),
    ),
  );
}

/** All policies but the honest one. */
const DEVIATIONS: readonly Policy[] = [
  ...[0, 1, 2, 3].flatMap((include) => [1, 2, 5].map((every) => ({ include, stuff: 0, every }))),
  ...[2, 4].flatMap((stuff) => [1, 5].map((every) => ({ include: 4, stuff, every }))),
  { include: 0, stuff: 4, every: 1 },
];

/** Best income of a policy. */
export function bestDeviation(market: Market): {
  readonly policy: Policy;
  readonly income: bigint;
} {
  let best = { policy: HONEST, income: -(1n << 100n) };
  for (const policy of DEVIATIONS) {
    const income = incomeOf(market, policy);
    if (income > best.income) best = { policy, income };
  }
  return best;
}

/**
 * Tips that the proposer takes in, less the base fees that it burns for proofs of its own, over
 * several histories: in a single one, what a block takes decides which lumps fit into later ones.
 */
export function incomeOf(market: Market, policy: Policy = HONEST): bigint {
  return sum(SEEDS.map((seed) => play(market, policy, createDraw(seed))));
}

function play(market: Market, policy: Policy, draw: Draw): bigint {
  let baseFee = toAmount(START);
  let income = 0n;
  let waiting: readonly Waiting[] = [];
  let own = 0;
  for (let block = 0; block < BLOCKS; block++) {
    waiting = [...waiting, ...arrivals(market, draw)];
    const leads = market.leads(block);
    const acts = leads && own++ % policy.every === 0 ? policy : HONEST;
    const room = (WHOLE_LANE * BigInt(acts.include)) / 4n;
    const { taken, left } = fill(waiting, room, baseFee);
    waiting = left.slice(0, WAITING_MAX);
    let used = sum(taken.map(({ weight }) => weight));
    if (leads) income += sum(taken.map(({ tip, weight }) => weightPrice(tip, weight)));
    const stuffed = ((WHOLE_LANE - used) * BigInt(acts.stuff)) / 4n;
    if (market.burns) income -= weightPrice(baseFee, stuffed);
    used += stuffed;
    baseFee = nextBaseFee({ baseFee, used, floor: FLOOR });
  }
  return income;
}

/** Admits buyers that pay the base fee and their tip, highest tips first, the last one in part. */
function fill(
  waiting: readonly Waiting[],
  room: bigint,
  baseFee: bigint,
): { readonly taken: readonly Waiting[]; readonly left: readonly Waiting[] } {
  let free = room;
  const taken: Waiting[] = [];
  const left: Waiting[] = [];
  const byTip = waiting.toSorted((a, b) => (a.tip === b.tip ? 0 : a.tip > b.tip ? -1 : 1));
  for (const one of byTip) {
    const fits = one.weight < free ? one.weight : free;
    const part = one.limit < baseFee + one.tip ? 0n : fits;
    free -= part;
    if (part > 0n) taken.push({ ...one, weight: part });
    if (part < one.weight) left.push({ ...one, weight: one.weight - part });
  }
  return { taken, left };
}

/** Draws a number in `0 .. below-1`. */
type Draw = (below: number) => bigint;

function arrivals({ demand, tips }: Market, draw: Draw): readonly Waiting[] {
  return Array.from({ length: 8 }, () => ({
    weight: ((WHOLE_LANE / 16n) * demand * (50n + draw(101))) / 10_000n,
    // From a fifth of the first base fee to four times as much.
    limit: (START * (20n + draw(381))) / 100n,
    tip: (START * tips * (50n + draw(101))) / 10_000n,
  }));
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

/** A generator of small numbers that is the same on every machine (mulberry32). */
function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return BigInt(((mixed ^ (mixed >>> 14)) >>> 0) % below);
  };
}
