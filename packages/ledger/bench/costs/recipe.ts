import { STATE_BOUNDS } from "@aethel/ledger";
import { LIES } from "./accusations.ts";
import { ACTIONS } from "./actions.ts";
import type { ContractRecipe } from "./contract-offers.ts";
import { CONTRACT_WORK } from "./contract-texts.ts";
import { TEXTS } from "./texts.ts";

/** One kind of block to try: what is in it, ahead of the calls that fill it. Numbers are counts. */
export interface Recipe extends CallRecipe, ContractRecipe {
  /** Publications, each of so many intents. `text`: place in `TEXTS`. */
  readonly publications: number;
  readonly intents: number;
  readonly text: number;
  readonly theorems: number;
  /** KiB of the script of each theorem. */
  readonly script: number;
  /** KiB of the certificate of each publication and theorem. */
  readonly certificate: number;
  /** Proofs that change stake or keys. `action`: place in `ACTIONS`. */
  readonly actions: number;
  readonly action: number;
  /** Evidence: double votes, and false headers with a claim (`lie`: place in `LIES`). */
  readonly equivocations: number;
  readonly falsehoods: number;
  readonly lie: number;
  /** Whether the block has a parent certificate, by a thousand validators who are rewarded. */
  readonly isCertified: boolean;
  /** Accounts that wait in each queue. Above 0, the block ends an epoch and serves them. */
  readonly waiting: number;
  /** Order in which the queues are served, from 0 to 3. */
  readonly turn: number;
}

/** Calls of a block: their program, and the accounts that sign. */
export interface CallRecipe {
  /** Place in `TERMS`: the operation that the program repeats. */
  readonly term: number;
  /** Bits of the number that wide ones are made of. */
  readonly bits: number;
  /** Times that the operation stands in a program. */
  readonly repeats: number;
  /** Accounts that are stored, and declared assets of which each of them holds some. */
  readonly stores: number;
  readonly assets: number;
  /** Account arguments that nobody looks at. */
  readonly idle: number;
  readonly cosigners: number;
  /** Different programs, called in turns. */
  readonly programs: number;
  /** Intents of the program: more than one make a batch. */
  readonly members: number;
  readonly end: "applied" | "guard-false" | "fault";
  /** Whether the accounts that are stored are new to the state. */
  readonly isFresh: boolean;
  /** Whether the authors have never signed before. */
  readonly isFirst: boolean;
  /** Units of the limit: what the run takes, or one. */
  readonly limit: "enough" | "one";
}

/** Operations of the language on amounts (`a`), wide numbers (`w`, `y`, `z`) and accounts (`p`). */
export const TERMS = [
  "a",
  "a + a",
  "z + y",
  "w * w",
  "y * y",
  "z / y",
  "z % y",
  "z / w",
  "(0 - z) / y",
  "z / (a + 1)",
  "min(z, y)",
  "(if p == p then z else y)",
  "p.balance",
  "old(p.balance) * z",
] as const;

/** Accounts in each queue that an epoch boundary has work with. */
const FULL = Math.max(STATE_BOUNDS.movesMax, STATE_BOUNDS.releasesMax);

/** A recipe of calls alone. */
const NOTHING_ELSE: Omit<Recipe, keyof CallRecipe> = {
  contracts: 0,
  work: 0,
  together: 1,
  instances: 1,
  publications: 0,
  intents: 1,
  text: 0,
  theorems: 0,
  script: 0,
  certificate: 0,
  actions: 0,
  action: 0,
  equivocations: 0,
  falsehoods: 0,
  lie: 0,
  isCertified: false,
  waiting: 0,
  turn: 0,
};

const PLAIN: Recipe = {
  ...NOTHING_ELSE,
  term: 0,
  bits: 60,
  repeats: 1,
  stores: 1,
  assets: 0,
  idle: 0,
  cosigners: 0,
  programs: 1,
  members: 1,
  end: "applied",
  isFresh: false,
  isFirst: false,
  limit: "enough",
};

/** A little of everything that a block can have, for a smoke run. */
export const LITTLE_OF_ALL: Recipe = {
  ...PLAIN,
  publications: 1,
  theorems: 2,
  certificate: 1,
  actions: 3,
  contracts: 2,
  together: 2,
  equivocations: 2,
  falsehoods: 1,
  lie: 1,
  isCertified: true,
  waiting: 2,
};

/** Recipes that a person would try first. */
export const SEEDS: readonly Recipe[] = [
  PLAIN,
  { ...PLAIN, term: 5, bits: 236, repeats: 400, limit: "one" },
  { ...PLAIN, term: 5, bits: 236, repeats: 400 },
  { ...PLAIN, stores: 12, isFresh: true },
  { ...PLAIN, stores: 10, assets: 5 },
  { ...PLAIN, cosigners: 16 },
  { ...PLAIN, isFirst: true },
  { ...PLAIN, programs: 500, repeats: 300 },
  { ...PLAIN, idle: 14 },
  { ...PLAIN, repeats: 400, end: "guard-false" },
  { ...PLAIN, members: 8, stores: 2 },
  { ...PLAIN, publications: 5, intents: 7, text: 0 },
  { ...PLAIN, publications: 40, intents: 64, text: 3 },
  { ...PLAIN, publications: 3, certificate: 970 },
  { ...PLAIN, theorems: 400, certificate: 1 },
  { ...PLAIN, theorems: 4, script: 1_000 },
  { ...PLAIN, actions: 900, action: 0 },
  { ...PLAIN, actions: 900, action: 1 },
  { ...PLAIN, actions: 160, action: 2 },
  { ...PLAIN, equivocations: 64 },
  { ...PLAIN, falsehoods: 13, lie: 1 },
  { ...PLAIN, falsehoods: 2, lie: 2 },
  ...CONTRACT_WORK.flatMap((_, work) => [
    { ...PLAIN, contracts: 3_000, work },
    { ...PLAIN, contracts: 600, work, together: 16, instances: 16 },
  ]),
  { ...PLAIN, contracts: 1_000, work: 0, together: 16, instances: 2_000 },
  { ...PLAIN, contracts: 500, work: CONTRACT_WORK.indexOf("long-text"), instances: 200 },
  { ...PLAIN, isCertified: true },
  LITTLE_OF_ALL,
  { ...PLAIN, isCertified: true, waiting: FULL },
  {
    ...PLAIN,
    isCertified: true,
    waiting: FULL,
    turn: 1,
    equivocations: 52,
    falsehoods: 9,
    lie: 1,
  },
];

/** A source of random choices: a number from 0 up to, and without, `end`. */
export type Draw = (end: number) => number;

/** Choices that follow from a seed alone (xorshift), so that a search can be repeated. */
export function drawFrom(seed: number): Draw {
  let state = seed | 1;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

const ENDS = ["applied", "guard-false", "fault"] as const;

/** A recipe with everything chosen at random. */
export function randomRecipe(draw: Draw): Recipe {
  return { ...randomCalls(draw), ...randomRest(draw) };
}

/** Draws the parts of a block beside its calls. Most blocks have few kinds of them. */
function randomRest(draw: Draw): Omit<Recipe, keyof CallRecipe> {
  const seldom = (end: number): number => (draw(4) === 0 ? 1 + draw(end) : 0);
  return {
    publications: seldom(40),
    intents: 1 + draw(draw(2) === 0 ? 8 : 64),
    text: draw(TEXTS.length),
    theorems: seldom(400),
    script: draw(2) === 0 ? 0 : draw(64),
    certificate: draw(2) === 0 ? 0 : draw(200),
    actions: seldom(800),
    action: draw(ACTIONS.length),
    equivocations: draw(2) === 0 ? 0 : draw(65),
    falsehoods: draw(2) === 0 ? 0 : draw(14),
    lie: draw(LIES.length),
    isCertified: draw(3) > 0,
    contracts: draw(2) === 0 ? 0 : 1 + draw(2_000),
    work: draw(CONTRACT_WORK.length),
    together: 1 + (draw(2) === 0 ? 0 : draw(16)),
    instances: 1 + (draw(2) === 0 ? 0 : draw(200)),
    waiting: draw(2) === 0 ? 0 : 1 + draw(FULL),
    turn: draw(4),
  };
}

function randomCalls(draw: Draw): CallRecipe {
  const some = (end: number): number => (draw(2) === 0 ? 0 : draw(end));
  return {
    term: draw(TERMS.length),
    bits: 40 + draw(200),
    repeats: 1 + draw(450),
    stores: 1 + some(12),
    assets: some(6),
    idle: some(13),
    cosigners: some(17),
    programs: 1 + (draw(3) === 0 ? draw(500) : 0),
    members: 1 + (draw(3) === 0 ? draw(8) : 0),
    end: ENDS[draw(ENDS.length)] ?? "applied",
    isFresh: draw(2) === 0,
    isFirst: draw(4) === 0,
    limit: draw(4) === 0 ? "one" : "enough",
  };
}

/** A recipe with one to three choices made again: many a choice matters only beside another. */
export function changedRecipe(recipe: Recipe, draw: Draw): Recipe {
  const other = randomRecipe(draw);
  const names = Object.keys(recipe) as (keyof Recipe)[];
  let changed = recipe;
  for (let left = 1 + draw(3); left > 0; left -= 1) {
    const name = names[draw(names.length)] ?? "term";
    changed = { ...changed, [name]: other[name] };
  }
  return changed;
}

/** A recipe in one line. */
export function describeRecipe(recipe: Recipe): string {
  const { term, bits, repeats, stores, assets, idle, cosigners, programs, members } = recipe;
  const counts = { repeats, stores, assets, idle, cosigners, programs, members };
  const shown = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const flags = [recipe.isFresh ? "new accounts" : "", recipe.isFirst ? "new keys" : ""];
  const rest = [recipe.end, `limit ${recipe.limit}`, ...flags].filter((text) => text !== "");
  const calls = `calls of ${TERMS[term]} of ${bits} bits, ${[...shown, ...rest].join(", ")}`;
  return [...restOf(recipe), calls].join("; ");
}

/** Names the parts of a block beside its calls; absent parts are left out. */
function restOf(recipe: Recipe): readonly string[] {
  const { publications, intents, theorems, script, certificate, actions, waiting } = recipe;
  const { equivocations, falsehoods } = recipe;
  const words: readonly (readonly [count: number, text: string])[] = [
    [recipe.isCertified ? 1 : 0, "certificate of all validators"],
    [waiting, `epoch boundary with ${waiting} waiting in each queue, order ${recipe.turn}`],
    [equivocations, `${equivocations} double votes`],
    [falsehoods, `${falsehoods} false headers (${LIES[recipe.lie]})`],
    [
      publications,
      `${publications} publications of ${intents} intents (${TEXTS[recipe.text]}) and ${certificate} KiB`,
    ],
    [theorems, `${theorems} theorems of ${script} KiB and ${certificate} KiB`],
    [actions, `${actions} x ${ACTIONS[recipe.action]}`],
    [
      recipe.contracts,
      `${recipe.contracts} x ${recipe.together} calls of ${recipe.instances} contracts (${CONTRACT_WORK[recipe.work]})`,
    ],
  ];
  return words.flatMap(([count, text]) => (count > 0 ? [text] : []));
}
