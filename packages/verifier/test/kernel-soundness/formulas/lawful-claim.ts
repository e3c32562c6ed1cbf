import type { Term } from "../../../src/term.ts";
import { createRandom, type Random } from "../oracle/random.ts";
import { bitLaws } from "./bit-laws.ts";
import * as t from "./build.ts";
import { integerLaws } from "./integer-laws.ts";
import type { Law } from "./law.ts";
import { arrayLaws, logicLaws } from "./logic-laws.ts";
import { mutateClaim } from "./mutate-claim.ts";
import { allSorts, leaf, randomTerm } from "./random-term.ts";
import { realLaws } from "./real-laws.ts";

/** Everything that is true by construction. */
export const laws: readonly Law[] = [
  ...logicLaws,
  ...integerLaws,
  ...realLaws,
  ...arrayLaws,
  ...bitLaws,
];

/** A claim that a law makes true. */
export interface LawfulClaim {
  readonly law: string;
  readonly claim: t.Claim;
}

/** A law about random terms, sometimes disguised; `depth` is that of the terms. */
export function lawfulClaim(seed: string, depth: number, only?: Law): LawfulClaim {
  const random = createRandom(seed);
  const chosen = only ?? random.pick(laws);
  const shape = { random, depth, pool: new Map<string, Term[]>(), sorts: allSorts };
  const claim = chosen.claim({
    random,
    of: (sort) => (depth === 0 ? distinctLeaf(sort, random) : randomTerm(sort, shape)),
    number: (low, high) => t.int(low + random.below(high - low + 1)),
  });
  return { law: chosen.name, claim: depth === 0 ? claim : disguised(claim, random) };
}

/** A symbol, mostly: a law about literals says little. */
function distinctLeaf(sort: Parameters<typeof leaf>[0], random: Random): Term {
  const term = leaf(sort, random);
  return term.type === "symbol" || random.percent(20) ? term : leaf(sort, random);
}

/** The same claim in another form: its goal denied among the assumptions, conjunctions joined. */
function disguised(claim: t.Claim, random: Random): t.Claim {
  switch (random.below(4)) {
    case 0:
      return { assumptions: [t.not(claim.goal), ...claim.assumptions], goal: t.no };
    case 1:
      return { assumptions: [], goal: t.implies(t.and(...claim.assumptions), claim.goal) };
    case 2:
      return { assumptions: [t.and(...claim.assumptions, t.not(claim.goal))], goal: t.no };
    default:
      return claim;
  }
}

/** A true claim, and one that is a single change away from it: nearly true, and mostly false. */
export function nearlyTrueClaim(
  seed: string,
  depth: number,
): LawfulClaim & { readonly near: t.Claim } {
  const lawful = lawfulClaim(seed, depth);
  return { ...lawful, near: mutateClaim(lawful.claim, createRandom(`${seed}/change`)) };
}
