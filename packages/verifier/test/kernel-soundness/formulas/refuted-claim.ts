import type { Sort, Term } from "../../../src/term.ts";
import { evaluate } from "../oracle/evaluate.ts";
import { createModel, type Model } from "../oracle/model.ts";
import { createRandom, type Random } from "../oracle/random.ts";
import * as t from "./build.ts";
import { allSorts, leaf, randomTerm, type Shape, sortKey } from "./random-term.ts";

/** A claim and a model that refutes it: whoever certifies it is wrong, and no search is needed. */
export interface RefutedClaim {
  readonly claim: t.Claim;
  readonly model: Model;
}

/**
 * A false claim, made from its counterexample. Every assumption holds in the model and the goal does
 * not; many assumptions pin a term to just the value it has there, so that nearly each wrong step
 * of a proof ends in a contradiction.
 */
export function refutedClaim(seed: string): RefutedClaim {
  const random = createRandom(seed);
  const model = createModel({ seed });
  const depth = random.pick([1, 2, 2, 3, 3, 4]);
  const sorts = sortsOf(random);
  const shape: Shape = { random, depth, pool: new Map(), sorts };
  const assumptions: Term[] = [];
  for (let count = 2 + random.below(5); count > 0; count--) {
    assumptions.push(truthIn(model, randomTerm("boolean", shape)));
  }
  const share = random.pick([0, 50, 100, 100]);
  for (const sort of sorts) {
    for (const one of [0, 1, 2]) {
      if (!random.percent(share)) continue;
      const named = t.symbol(leafName(sort, one), sort);
      assumptions.push(...pins(named, model, random));
    }
    const pooled = shape.pool.get(sortKey(sort)) ?? [];
    for (const term of pooled.slice(0, 6)) {
      if (random.percent(share / 2)) assumptions.push(...pins(term, model, random));
    }
  }
  const goal = random.percent(30) ? t.no : falsehoodIn(model, randomTerm("boolean", shape));
  return { claim: { assumptions: shuffled(assumptions, random), goal }, model };
}

function sortsOf(random: Random): readonly Sort[] {
  const kind = random.below(6);
  if (kind === 0) return ["integer", "boolean"];
  if (kind === 1) return ["integer", "real", "boolean"];
  if (kind === 2) return [t.bits(1), t.bits(2), t.bits(3), "boolean"];
  if (kind === 3) return ["integer", "boolean", t.arrayOf("integer", "integer")];
  const count = 2 + random.below(5);
  return Array.from({ length: count }, () => random.pick(allSorts));
}

/** The term, or its negation: whichever is true. */
export function truthIn(model: Model, term: Term): Term {
  return evaluate(term, model) === true ? term : t.not(term);
}

export function falsehoodIn(model: Model, term: Term): Term {
  return evaluate(term, model) === false ? term : t.not(term);
}

/** Tightest bounds of a term in a model. */
export function pins(term: Term, model: Model, random: Random): readonly Term[] {
  const value = evaluate(term, model);
  const literal = literalNear(value, random);
  if (literal === undefined) return [];
  if (typeof value === "bigint") return integerPins(term, value, random);
  if (typeof value === "object" && value.type === "real") {
    return random.percent(50)
      ? [t.equal(term, literal)]
      : [t.atMost(term, literal), t.not(t.less(term, literal))];
  }
  return [truthIn(model, t.equal(term, literal))];
}

function literalNear(value: ReturnType<typeof evaluate>, random: Random): Term | undefined {
  if (typeof value === "object" && value.type === "element") {
    return leaf(t.uninterpreted(value.sort), random);
  }
  return t.literalOf(value);
}

/** The value, or bounds of a multiple that only cutting to integers makes tight. */
function integerPins(term: Term, value: bigint, random: Random): readonly Term[] {
  const factor = BigInt(1 + random.below(4));
  const scaled = factor === 1n ? term : t.times(t.int(factor), term);
  const slack = (): bigint => BigInt(random.below(Number(factor)));
  const low = t.int(factor * value - slack());
  const high = t.int(factor * value + slack());
  switch (random.below(4)) {
    case 0:
      return [t.equal(term, t.int(value))];
    case 1:
      return [t.atMost(low, scaled), t.atMost(scaled, high)];
    case 2:
      return [t.not(t.less(scaled, low)), t.less(scaled, t.add(high, t.int(1)))];
    default:
      return [random.percent(50) ? t.atMost(low, scaled) : t.atMost(scaled, high)];
  }
}

function leafName(sort: Sort, index: number): string {
  return `${sortKey(sort)}.${index}`;
}

export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items];
  const result: T[] = [];
  while (left.length > 0) result.push(...left.splice(random.below(left.length), 1));
  return result;
}
