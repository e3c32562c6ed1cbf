import { prepareBlock } from "./block.ts";
import { type BlockCost, measureBlock } from "./measure.ts";
import { changedRecipe, describeRecipe, drawFrom, type Recipe, randomRecipe } from "./recipe.ts";
import type { Setting } from "./setting.ts";

/** A recipe with what a full block of it costs. */
export interface Tried {
  readonly recipe: Recipe;
  readonly cost: BlockCost;
}

/** Measure of cost: time of a whole block, for each unit, or for each token. */
export type Measure = (cost: BlockCost) => number;

/** Milliseconds of a block; each has the same units. */
export const perBlock: Measure = ({ milliseconds }) => milliseconds;

/** Nanoseconds of a unit that the block took of its limit. */
export const perUnit: Measure = ({ milliseconds, units }) => (milliseconds * 1_000_000) / units;

/** Milliseconds that a token buys. */
export const perToken: Measure = ({ milliseconds, fees }) =>
  milliseconds / (Number(fees) / 1_000_000);

/** Prepares and measures a block of a recipe; undefined if none of its proofs runs. */
export async function tryRecipe(setting: Setting, recipe: Recipe): Promise<Tried | undefined> {
  const prepared = prepareBlock(setting, recipe);
  if (prepared === undefined) return undefined;
  return { recipe, cost: await measureBlock(setting.on, prepared) };
}

/**
 * Looks for the dearest blocks: what a person would try, then random recipes, then changes of the
 * best so far. Gives everything that was tried, in that order.
 *
 * @throws Error if a block of what a person would try has not in it what the recipe says.
 */
export async function search(
  setting: Setting,
  options: {
    readonly seeds: readonly Recipe[];
    readonly random: number;
    readonly guided: number;
    readonly seed: number;
  },
): Promise<readonly Tried[]> {
  const draw = drawFrom(options.seed);
  const tried: Tried[] = [];
  for (const recipe of options.seeds) {
    const one = await tryRecipe(setting, recipe);
    tried.push(demandContents(recipe, one));
  }
  // Choices about what a block has none of make no other block.
  const known = new Set(options.seeds.map(describeRecipe));
  const attempt = async (recipe: Recipe): Promise<void> => {
    known.add(describeRecipe(recipe));
    const one = await tryRecipe(setting, recipe);
    if (one !== undefined) tried.push(one);
  };
  for (let at = 0; at < options.random; at++) await attempt(randomRecipe(draw));
  for (let at = 0; at < options.guided; at++) {
    // Mostly for a block, which has the bound.
    const measure = at % 4 === 3 ? perToken : perBlock;
    const best = dearest(tried, measure).slice(0, 3);
    const chosen = best[draw(Math.max(1, best.length))];
    if (chosen === undefined) continue;
    let changed = changedRecipe(chosen.recipe, draw);
    while (known.has(describeRecipe(changed))) changed = changedRecipe(changed, draw);
    await attempt(changed);
  }
  return tried;
}

/** Returns the tried blocks, the most expensive first. */
export function dearest(tried: readonly Tried[], measure: Measure): readonly Tried[] {
  return tried.toSorted((left, right) => measure(right.cost) - measure(left.cost));
}

/** Nothing of what a recipe names may be missing: it would be measured as free. */
function demandContents(recipe: Recipe, one: Tried | undefined): Tried {
  if (one === undefined) throw new Error(`a block has no proofs: ${JSON.stringify(recipe)}`);
  const { cost } = one;
  const wanted = [
    ["publications", recipe.publications, cost.publications],
    ["theorems", recipe.theorems, cost.theorems],
    ["actions", recipe.actions, cost.actions],
    ["calls of contracts", recipe.contracts, cost.contracts],
    ["evidence", recipe.equivocations + recipe.falsehoods, cost.evidence],
    ["votes", recipe.isCertified ? 1 : 0, cost.votes],
    ["boundary", recipe.waiting, cost.boundaries],
  ] as const;
  const { calls, publications, theorems, actions, contracts, applied } = cost;
  for (const [name, asked, found] of wanted) {
    if (asked > 0 && found === 0) throw new Error(`a block has no ${name}`);
  }
  const isApplied = recipe.end === "applied" && recipe.limit === "enough";
  const least = publications + theorems + actions + contracts + (isApplied ? calls : 0);
  if (applied < least) throw new Error(`${applied} proofs are applied of at least ${least}`);
  return one;
}
