import type { BenchChain } from "../chain.ts";
import { type BlockCost, measureBlock, prepareBlock } from "./block.ts";
import { changedRecipe, drawFrom, type Recipe, randomRecipe, SEEDS } from "./recipe.ts";

/** A recipe with what a full block of it costs. */
export interface Tried {
  readonly recipe: Recipe;
  readonly cost: BlockCost;
}

/** Measure of cost: time of a whole block, or time for each token. */
export type Measure = (cost: BlockCost) => number;

/** Milliseconds of a block; each has the same units. */
export const perBlock: Measure = ({ milliseconds }) => milliseconds;

/** Milliseconds that a token buys. */
export const perToken: Measure = ({ milliseconds, fees }) =>
  milliseconds / (Number(fees) / 1_000_000);

/**
 * Looks for the dearest blocks: what a person would try, then random recipes, then changes of the
 * best so far. Gives everything that was tried, in that order.
 */
export async function search(
  on: BenchChain,
  options: { readonly random: number; readonly guided: number; readonly seed: number },
): Promise<readonly Tried[]> {
  const draw = drawFrom(options.seed);
  const tried: Tried[] = [];
  const attempt = async (recipe: Recipe): Promise<void> => {
    const prepared = prepareBlock(on, recipe);
    if (prepared === undefined) return;
    tried.push({ recipe, cost: await measureBlock(on, prepared) });
  };
  for (const recipe of SEEDS) await attempt(recipe);
  for (let at = 0; at < options.random; at++) await attempt(randomRecipe(draw));
  for (let at = 0; at < options.guided; at++) {
    const measure = at % 2 === 0 ? perBlock : perToken;
    const best = dearest(tried, measure).slice(0, 3);
    const chosen = best[draw(Math.max(1, best.length))];
    if (chosen !== undefined) await attempt(changedRecipe(chosen.recipe, draw));
  }
  return tried;
}

/** Returns the tried blocks, the most expensive first. */
export function dearest(tried: readonly Tried[], measure: Measure): readonly Tried[] {
  return tried.toSorted((left, right) => measure(right.cost) - measure(left.cost));
}
