import { spend, spendParts } from "../budget/budget.ts";
import { compareRational, signOf } from "../budget/rational.ts";
import type { Infeasible } from "../simplex/simplex.ts";
import type { SearchState } from "../state/state.ts";
import { collectHypotheses, type Hypotheses } from "./hypotheses.ts";
import { pairsOf, relevantInequalities, signsOf, triplesOf } from "./product-candidates.ts";
import { addProductLemma } from "./product-lemma.ts";
import { splitProduct, splitSign } from "./product-splits.ts";
import {
  addRow,
  checkSystem,
  createSystem,
  inconsistentMonomials,
  type ProductRow,
  type ProductSystem,
  partsOf,
  valueOfPoly,
} from "./product-system.ts";

/** Greatest number of products that are added to the programme before it is solved again. */
const rowsPerRound = 4;
/** Greatest number of times that products are added and the programme is solved again. */
const roundsMax = 60;

/**
 * Searches for products of hypotheses that contradict the assignment, and adds a lemma if it finds
 * them. Starts from a linear programme over monomials, and adds products that its solution violates
 * (the cutting planes of "incremental linearization", Cimatti et al., TOCL 2018, over Handelman's
 * products). If this finds no contradiction, asks the search to split a case. Returns false if it
 * added neither a lemma nor a split.
 */
export function multiplyHypotheses(state: SearchState): boolean {
  if (!hasProducts(state)) return false;
  const all = collectHypotheses(state);
  const few = withoutHuge(all);
  const first = refute(state, few, "pairs");
  if (first === undefined || splitSign(state, first)) return true;
  const second = refute(state, few, "triples");
  if (second === undefined) return true;
  if (few.inequalities.length === all.inequalities.length) return splitProduct(state, second);
  const third = refute(state, all, "triples");
  return third === undefined || splitProduct(state, third);
}

/**
 * Adds a lemma and returns undefined if the hypotheses and their products contradict each other.
 * Otherwise returns the programme, which has a solution.
 */
function refute(
  state: SearchState,
  hypotheses: Hypotheses,
  depth: "pairs" | "triples",
): ProductSystem | undefined {
  const system = createSystem(state.budget);
  const infeasible =
    addHypotheses(system, hypotheses) ?? strengthen(state, { system, hypotheses, depth });
  if (infeasible === undefined) return system;
  addProductLemma(state, hypotheses, partsOf(system, infeasible));
  return undefined;
}

/**
 * Least magnitude of a number that counts as a limit of the ledger's amounts, such as 2^64, and not
 * as a number that an intent mentions.
 */
const huge = 2 ** 50;

/**
 * Leaves out inequalities with a constant of at least `huge`, such as the ranges of amounts. Most
 * contradictions do not need them, and without them the numbers stay short.
 */
function withoutHuge(hypotheses: Hypotheses): Hypotheses {
  const inequalities = hypotheses.inequalities.filter(({ poly }) => {
    const constant = poly.get("") ?? 0;
    return compareRational(constant, huge) < 0 && compareRational(constant, -huge) > 0;
  });
  return { ...hypotheses, inequalities };
}

function hasProducts({ budget, forms }: SearchState): boolean {
  spendParts(budget, forms.variables.size);
  for (const monomial of forms.variables.keys()) if (monomial.length > 1) return true;
  return false;
}

function addHypotheses(
  system: ProductSystem,
  { inequalities, equations }: Hypotheses,
): Infeasible | undefined {
  for (const { literal, poly, strict } of inequalities) {
    const relation = strict ? "above" : "at-least";
    const conflict = addRow(system, { poly, relation, product: [literal] });
    if (conflict !== undefined) return conflict;
  }
  for (const { literal, pair, poly } of equations) {
    const equation = { pair, poly: new Map([["", 1]]) };
    const conflict = addRow(system, { poly, relation: "equal", product: [literal], equation });
    if (conflict !== undefined) return conflict;
  }
  return checkSystem(system);
}

function strengthen(
  state: SearchState,
  work: {
    readonly system: ProductSystem;
    readonly hypotheses: Hypotheses;
    readonly depth: "pairs" | "triples";
  },
): Infeasible | undefined {
  const { budget } = state;
  const { system, hypotheses, depth } = work;
  const relevant = relevantInequalities(budget, hypotheses);
  const stages = [
    () => signsOf(budget, hypotheses, system.variables.keys()),
    () => pairsOf(budget, hypotheses, relevant),
  ];
  if (depth === "triples") stages.push(() => triplesOf(budget, relevant));
  const added = new Set<ProductRow>();
  for (const stage of stages) {
    const candidates = stage();
    for (let round = 0; round < roundsMax; round++) {
      if (inconsistentMonomials(system).length === 0) return undefined;
      const worst = violated(state, system, candidates, added);
      if (worst.length === 0) break;
      for (const row of worst) {
        added.add(row);
        const conflict = addRow(system, row);
        if (conflict !== undefined) return conflict;
      }
      const infeasible = checkSystem(system);
      if (infeasible !== undefined) return infeasible;
    }
  }
  return undefined;
}

/**
 * Returns up to `rowsPerRound` rows that the solution violates: those with the fewest new monomials
 * first, then the shortest.
 */
function violated(
  { budget }: SearchState,
  system: ProductSystem,
  candidates: readonly ProductRow[],
  added: ReadonlySet<ProductRow>,
): readonly ProductRow[] {
  const found: { readonly row: ProductRow; readonly rank: number }[] = [];
  for (const row of candidates) {
    spendParts(budget, 1);
    if (added.has(row)) continue;
    spend(budget, row.poly.size);
    const sign = signOf(valueOfPoly(system, row.poly));
    if (row.relation === "equal" ? sign === 0 : sign >= 0) continue;
    let news = 0;
    for (const monomial of row.poly.keys()) {
      if (monomial !== "" && !system.variables.has(monomial)) news++;
    }
    found.push({ row, rank: 100 * news + row.poly.size });
  }
  return found
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, rowsPerRound)
    .map(({ row }) => row);
}
