import type { Monomial } from "../../kernel/polynomial.ts";
import { type Budget, spend, spendParts } from "../budget/budget.ts";
import { signOf } from "../budget/rational.ts";
import { degreeOf, multiplyPoly, type Poly } from "./algebra.ts";
import type { Hypotheses, ReducedInequality } from "./hypotheses.ts";
import type { ProductRow } from "./product-system.ts";

/** Greatest number of hypotheses that are multiplied in pairs. */
const pairedMax = 40;
/** Greatest number of hypotheses that are multiplied in triples. */
const tripledMax = 14;
/** Greatest degree of a product of hypotheses. */
const degreeMax = 4;
/** Greatest number of terms of a product of hypotheses. */
const termsMax = 60;

/**
 * Returns the hypotheses that are linked by shared unknowns to a nonlinear monomial, at most
 * `pairedMax`. The most closely linked and shortest ones come first.
 */
export function relevantInequalities(
  budget: Budget,
  { inequalities, equations }: Hypotheses,
): readonly ReducedInequality[] {
  const distances = new Map<Monomial, number>();
  for (const { poly } of [...inequalities, ...equations]) {
    spendParts(budget, 4 + 2 * poly.size);
    for (const monomial of poly.keys()) {
      if (monomial.length > 1) for (const unknown of monomial) distances.set(unknown, 0);
    }
  }
  const ranked: { readonly one: ReducedInequality; readonly rank: number }[] = [];
  let left = inequalities;
  for (let distance = 0; left.length > 0; distance++) {
    for (const { poly } of left) spendParts(budget, 8 + 8 * poly.size);
    const near = left.filter(({ poly }) => unknownsOf(poly).some((one) => distances.has(one)));
    if (near.length === 0) break;
    const taken = new Set(near);
    left = left.filter((one) => !taken.has(one));
    for (const one of near) {
      const unknowns = unknownsOf(one.poly);
      const strangers = unknowns.filter((unknown) => !distances.has(unknown)).length;
      const rank = 12 * distance + 4 * strangers + one.poly.size + 2 * degreeOf(one.poly);
      ranked.push({ one, rank });
    }
    for (const { poly } of near) {
      for (const unknown of unknownsOf(poly)) {
        if (!distances.has(unknown)) distances.set(unknown, distance + 1);
      }
    }
  }
  return ranked
    .toSorted((first, second) => first.rank - second.rank)
    .slice(0, pairedMax)
    .map(({ one }) => one);
}

function unknownsOf(poly: Poly): readonly Monomial[] {
  const unknowns = new Set<Monomial>();
  for (const monomial of poly.keys()) for (const unknown of monomial) unknowns.add(unknown);
  return [...unknowns];
}

/** Returns the products of each two hypotheses, and of each equation with each unknown. */
export function pairsOf(
  budget: Budget,
  { equations }: Hypotheses,
  relevant: readonly ReducedInequality[],
): readonly ProductRow[] {
  const rows: ProductRow[] = [];
  relevant.forEach((left, at) => {
    spendParts(budget, 4 * relevant.length);
    for (const right of relevant.slice(at)) addProduct(budget, rows, [left, right]);
  });
  const unknowns = new Set<Monomial>();
  for (const { poly } of relevant) {
    for (const monomial of poly.keys()) for (const unknown of monomial) unknowns.add(unknown);
  }
  for (const { literal, pair, poly } of equations) {
    for (const unknown of unknowns) {
      spend(budget, poly.size);
      const factor: Poly = new Map([[unknown, 1]]);
      const product = multiplyPoly(poly, factor);
      if (degreeOf(product) > degreeMax) continue;
      rows.push({
        poly: product,
        relation: "equal",
        product: [literal],
        equation: { pair, poly: factor },
      });
    }
  }
  return rows;
}

/**
 * Returns, for each given monomial of at least three factors, the product of hypotheses that give
 * the signs of its unknowns. Leaves out a monomial if the sign of one of its unknowns is not known.
 */
export function signsOf(
  budget: Budget,
  { inequalities }: Hypotheses,
  monomials: Iterable<Monomial>,
): readonly ProductRow[] {
  const signs = new Map<Monomial, ReducedInequality>();
  for (const one of inequalities) {
    spendParts(budget, 4 + 2 * one.poly.size);
    const unknowns = [...one.poly.keys()].filter((monomial) => monomial !== "");
    const [unknown = ""] = unknowns;
    if (unknowns.length > 1 || unknown.length !== 1) continue;
    if (signOf(one.poly.get("") ?? 0) <= 0) signs.set(unknown, one);
  }
  const rows: ProductRow[] = [];
  for (const monomial of monomials) {
    spendParts(budget, 8);
    const factors = monomial.split("").flatMap((unknown) => signs.get(unknown) ?? []);
    if (monomial.length < 3 || factors.length < monomial.length) continue;
    spend(budget, 2 ** monomial.length);
    const product = productOf(factors);
    if (product !== undefined) rows.push(product);
  }
  return rows;
}

/** Returns the products of each three of the first `tripledMax` hypotheses. */
export function triplesOf(
  budget: Budget,
  relevant: readonly ReducedInequality[],
): readonly ProductRow[] {
  const rows: ProductRow[] = [];
  const few = relevant.slice(0, tripledMax);
  few.forEach((first, i) => {
    few.slice(i).forEach((second, j) => {
      for (const third of few.slice(i + j)) addProduct(budget, rows, [first, second, third]);
    });
  });
  return rows;
}

function addProduct(
  budget: Budget,
  rows: ProductRow[],
  factors: readonly ReducedInequality[],
): void {
  let degree = 0;
  let terms = 1;
  for (const { poly } of factors) {
    degree += degreeOf(poly);
    terms *= poly.size;
  }
  if (degree > degreeMax || terms > 4 * termsMax) return;
  spend(budget, terms);
  const product = productOf(factors);
  if (product !== undefined) rows.push(product);
}

function productOf(factors: readonly ReducedInequality[]): ProductRow | undefined {
  let poly: Poly = new Map([["", 1]]);
  for (const factor of factors) poly = multiplyPoly(poly, factor.poly);
  if (poly.size > termsMax) return undefined;
  const relation = factors.every(({ strict }) => strict) ? "above" : "at-least";
  return { poly, relation, product: factors.map(({ literal }) => literal) };
}
