import { expect, test } from "vitest";
import { LIMITS, type Move, type Outcome, play } from "./adversary-game.ts";

/*
 * The games are searched, not drawn: a hill is climbed from several places, and what the adversary
 * gains beyond what is allowed is the height. The search finds the old faults when they are put back.
 */
const SLOW = process.env["AETHEL_SLOW"] === "1";
const CLIMBS = SLOW ? 60 : 4;
const STEPS = SLOW ? 1_000 : 150;

/**
 * Most proofs that an adversary's proof may drive out for the price of one transfer at the lowest
 * base fee.
 */
const PER_PRICE_MAX = 4;
const ACCOUNTS = 4;

/**
 * More than what is paid for: at 1 the adversary has found something. Fractions lead the search on.
 */
const displacedFree = ({ displaced, paid }: Outcome): number =>
  displaced - PER_PRICE_MAX * paid + displaced / 100;
/** Rejections and what is judged ahead are free, so many for each account; the rest is paid. */
const judgedFree = ({ judgedForNothing }: Outcome): number =>
  judgedForNothing - ACCOUNTS * (LIMITS.rejectedMax + LIMITS.judgedMax);

test.each([
  ["B29, driving out honest proofs costs at least a quarter of honest use for each", displacedFree],
  ["B32, what is judged for nothing is bounded for each account", judgedFree],
] as const)("the worst game that a search finds: %s", (_, gain) => {
  let worst = -Infinity;
  for (let climb = 0; climb < CLIMBS; climb++) {
    const random = createRandom(7 + climb);
    let scenes = Array.from({ length: 3 }, () => drawScene(random));
    let height = gain(play(movesOf(scenes)));
    for (let step = 0; step < STEPS; step++) {
      const tried = mutate(scenes, random);
      const reached = gain(play(movesOf(tried)));
      if (reached < height) continue;
      [scenes, height] = [tried, reached];
    }
    worst = Math.max(worst, height);
  }
  expect(worst).toBeLessThan(1);
});

type Random = (below: number) => number;

/** Numerical Recipes' linear congruence; its high bits are good enough for a search. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * One trick: some proofs of one account, perhaps judged, and then something that may take them
 * away.
 */
interface Scene {
  readonly who: number;
  readonly kind: "pay" | "swap" | "claim" | "junk";
  readonly price: number;
  readonly lasts: number;
  readonly isTight: boolean;
  readonly from: number;
  readonly count: number;
  readonly judgings: number;
  readonly ending: "judge" | "block" | "pass" | "elsewhere";
  readonly baseFee: number;
  /** Whose proof comes in elsewhere: the account's own, or another's. */
  readonly by: number;
  readonly spendsAll: boolean;
}

const CHOICES: { readonly [Key in keyof Scene]: readonly Scene[Key][] } = {
  who: [0, 1, 2, 3],
  kind: ["pay", "pay", "swap", "claim", "junk"],
  price: [1, 10, 20, 100],
  lasts: [1, 2, 15, 16, 40],
  isTight: [false, true],
  from: [0, 0, 0, 1, 2],
  count: [1, 2, 3, 4, 5, 6, 7, 8],
  judgings: [0, 1, 2],
  ending: ["judge", "block", "pass", "elsewhere"],
  baseFee: [10, 11, 20],
  by: [0, 0, 1],
  spendsAll: [false, true],
};
const FIELDS = Object.keys(CHOICES) as readonly (keyof Scene)[];

function movesOf(scenes: readonly Scene[]): readonly Move[] {
  return scenes.flatMap((scene) => {
    const { who, from, count, judgings, baseFee, ending, by, spendsAll } = scene;
    const offers = Array.from({ length: count }, (_, at) => from + at).map((ahead): Move => {
      return { ...scene, type: "offer", ahead };
    });
    const judged = Array.from({ length: judgings }, (): Move => ({ type: "judge" }));
    const last: Move =
      ending === "judge"
        ? { type: ending }
        : ending === "elsewhere"
          ? { type: ending, who: who + by, spendsAll }
          : { type: ending, baseFee };
    return [...offers, ...judged, last];
  });
}

function drawScene(random: Random): Scene {
  const drawn = FIELDS.map((field) => [field, pick<unknown>(CHOICES[field], random)]);
  return Object.fromEntries(drawn) as Scene;
}

const pick = <T>(of: readonly T[], random: Random): T => of[random(of.length)] as T;

/** A scene is left out, put in or played twice; most often one thing about it is changed. */
function mutate(scenes: readonly Scene[], random: Random): Scene[] {
  const next = [...scenes];
  const at = random(next.length);
  const scene = next[at];
  const kind = random(8);
  if (scene === undefined || kind === 0) next.splice(at, 0, drawScene(random));
  else if (kind === 1) next.splice(at, next.length > 1 ? 1 : 0);
  else if (kind === 2) next.splice(at, 0, { ...scene, who: pick(CHOICES.who, random) });
  else {
    const field = pick(FIELDS, random);
    next[at] = { ...scene, [field]: pick<unknown>(CHOICES[field], random) };
  }
  return next.slice(0, 6);
}
