import type { Assumed, Assumption, Guess } from "./assumption.ts";
import { type Demand, isFact } from "./demand.ts";
import { disjunctsOf, type Formula } from "./formulas.ts";
import { instancesOf } from "./instances.ts";
import { isRange, supplyRule } from "./range-and-supply.ts";
import { sumRule } from "./sum-bound.ts";

/** Tells whether a formula may be assumed where something is demanded. */
export function isAssumed(
  rules: Assumed,
  formula: Formula,
  { facts, assumes }: Pick<Demand, "facts" | "assumes">,
): boolean {
  const { truth, spend } = rules.symbols.formulas;
  const holds = (one: Formula): boolean => one === truth || isFact(facts, one);
  const follows = (one: Formula): boolean => {
    spend(1 + disjunctsOf(one).length);
    if (holds(one)) return true;
    return (["cells", "terms"] as const).some((guess) => {
      const answers = answersOf(rules, one, guess);
      spend(answers.length);
      return answers.some(
        ({ isOfType, needs }) => (isOfType || assumes === "state") && needs.every(holds),
      );
    });
  };
  if (follows(formula)) return true;
  if (formula.operator === "and") {
    return formula.operands.every((one) => follows(one) || disjunctsOf(one).some(holds));
  }
  // What is weaker than a fact holds too.
  return disjunctsOf(formula).some(holds);
}

function answersOf(rules: Assumed, formula: Formula, guess: Guess): readonly Assumption[] {
  const known = rules.answers[guess].get(formula);
  if (known !== undefined) return known;
  const found = isRange(rules.symbols, formula)
    ? { isOfType: true, needs: [] }
    : (supplyRule(rules, formula) ?? sumRule(rules, formula));
  const answers = found === undefined ? instancesOf(rules, formula, guess) : [found];
  rules.answers[guess].set(formula, answers);
  return answers;
}
