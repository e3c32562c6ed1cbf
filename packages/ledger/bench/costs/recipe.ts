/** One kind of block to try: what its invokes call, and with whom. Numbers are counts. */
export interface Recipe {
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

/** Recipes that a person would try first. */
export const SEEDS: readonly Recipe[] = (() => {
  const plain: Recipe = {
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
  return [
    plain,
    { ...plain, term: 5, bits: 236, repeats: 400, limit: "one" },
    { ...plain, term: 5, bits: 236, repeats: 400 },
    { ...plain, stores: 12, isFresh: true },
    { ...plain, stores: 10, assets: 5 },
    { ...plain, cosigners: 16 },
    { ...plain, isFirst: true },
    { ...plain, programs: 500, repeats: 300 },
    { ...plain, idle: 14 },
    { ...plain, repeats: 400, end: "guard-false" },
    { ...plain, members: 8, stores: 2 },
  ];
})();

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

/** A recipe with one choice made again. */
export function changedRecipe(recipe: Recipe, draw: Draw): Recipe {
  const other = randomRecipe(draw);
  const names = Object.keys(recipe) as (keyof Recipe)[];
  const name = names[draw(names.length)] ?? "term";
  return { ...recipe, [name]: other[name] };
}

/** A recipe in one line. */
export function describeRecipe(recipe: Recipe): string {
  const { term, bits, repeats, stores, assets, idle, cosigners, programs, members } = recipe;
  const counts = { repeats, stores, assets, idle, cosigners, programs, members };
  const shown = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const flags = [recipe.isFresh ? "new accounts" : "", recipe.isFirst ? "new keys" : ""];
  const rest = [recipe.end, `limit ${recipe.limit}`, ...flags].filter((text) => text !== "");
  return `${TERMS[term]} of ${bits} bits, ${[...shown, ...rest].join(", ")}`;
}
