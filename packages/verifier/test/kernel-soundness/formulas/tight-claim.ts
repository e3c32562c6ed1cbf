import type { Term } from "../../../src/term.ts";
import { evaluate } from "../oracle/evaluate.ts";
import { createModel } from "../oracle/model.ts";
import { createRandom } from "../oracle/random.ts";
import * as t from "./build.ts";
import type { RefutedClaim } from "./refuted-claim.ts";

/**
 * Small polynomials that are just what they may be in a model, weak and strict: a false claim whose
 * hypotheses are nearly contradictory, whichever products are made of them.
 */
export function tightClaim(seed: string): RefutedClaim {
  const random = createRandom(`${seed}/tight`);
  const model = createModel({ seed });
  const sort = random.percent(60) ? "real" : "integer";
  const symbols = [0, 1, 2].map((at) => t.symbol(`${sort}.${at}`, sort));
  const number = (value: number): Term => (sort === "real" ? t.rational(value) : t.int(value));
  const sum = (): Term => {
    const [first, second] = [random.pick(symbols), random.pick(symbols)];
    const left = random.percent(30) ? t.times(first, second) : first;
    return random.percent(50)
      ? left
      : t.add(left, t.times(number(random.pick([-2, -1, 2])), second));
  };
  const assumptions = Array.from({ length: 3 + random.below(5) }, () => {
    const term = sum();
    const value = t.literalOf(evaluate(term, model));
    if (value === undefined) return t.atMost(t.times(term, term), t.times(term, term));
    const below = t.minus(value, number(1));
    if (random.percent(40)) return t.less(below, term);
    return random.percent(50) ? t.atMost(value, term) : t.atMost(term, value);
  });
  return { claim: { assumptions, goal: t.no }, model };
}
