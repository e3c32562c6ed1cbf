import type { Sort, Term } from "../../../src/term.ts";
import type { Claim } from "../formulas/build.ts";
import { evaluate, operandsOf } from "./evaluate.ts";
import { createModel, type Model, randomValue } from "./model.ts";
import { createRandom, type Random } from "./random.ts";
import type { Value } from "./value.ts";

/** Bounds on the search for a counterexample. */
export interface Effort {
  readonly seed: string;
  /** Models that are drawn. */
  readonly models: number;
  /** Symbols that are drawn anew in each, as long as that does not make it worse. */
  readonly changes: number;
}

/** Whether all assumptions hold in a model and the goal does not. */
export function refutes(model: Model, claim: Claim): boolean {
  const memo = new Map<Term, Value>();
  return (
    claim.assumptions.every((one) => evaluate(one, model, memo) === true) &&
    evaluate(claim.goal, model, memo) === false
  );
}

/**
 * A model that refutes a claim, by random models and climbing: the more of the claim's parts hold,
 * the better. What is not found may still be there.
 */
export function findCounterexample(claim: Claim, effort: Effort): Model | undefined {
  const parts = partsOf(claim);
  const { constants, symbols } = wordsOf(parts);
  const random = createRandom(`${effort.seed}/climb`);
  for (let drawn = 0; drawn < effort.models; drawn++) {
    const seed = `${effort.seed}/${drawn}`;
    const values = new Map<string, Value>();
    const model = createModel({ seed, constants, symbols: values });
    let score = holding(parts, model);
    for (let left = effort.changes; left > 0 && score < parts.length; left--) {
      if (symbols.length === 0) break;
      const { name, sort } = random.pick(symbols);
      const before = values.get(name);
      values.set(name, newValue(sort, { random, constants, symbols, model }));
      const next = holding(parts, model);
      if (next >= score) score = next;
      else if (before === undefined) values.delete(name);
      else values.set(name, before);
    }
    if (score === parts.length && refutes(model, claim)) return model;
  }
  return undefined;
}

/** All that must hold in a counterexample, conjunctions taken apart. */
function partsOf({ assumptions, goal }: Claim): readonly Term[] {
  const parts: Term[] = [];
  const waiting: Term[] = [...assumptions, { type: "not", operand: goal }];
  for (let term = waiting.pop(); term !== undefined; term = waiting.pop()) {
    const denied = term.type === "not" ? term.operand : undefined;
    if (term.type === "and") waiting.push(...term.operands);
    else if (denied?.type === "not") waiting.push(denied.operand);
    else if (denied?.type === "implies") {
      waiting.push(denied.left, { type: "not", operand: denied.right });
    } else if (denied?.type === "or") {
      for (const operand of denied.operands) waiting.push({ type: "not", operand });
    } else parts.push(term);
  }
  return parts;
}

interface Named {
  readonly name: string;
  readonly sort: Sort;
}

function wordsOf(parts: readonly Term[]): {
  readonly constants: readonly bigint[];
  readonly symbols: readonly Named[];
} {
  const constants = new Set<bigint>();
  const symbols = new Map<string, Named>();
  const seen = new Set<Term>(parts);
  for (const term of seen) {
    if (term.type === "integer") constants.add(term.value);
    if (term.type === "rational") constants.add(term.numerator / term.denominator);
    if (term.type === "symbol") symbols.set(term.name, term);
    for (const one of operandsOf(term)) seen.add(one);
  }
  return { constants: [...constants], symbols: [...symbols.values()] };
}

function holding(parts: readonly Term[], model: Model): number {
  const memo = new Map<Term, Value>();
  return parts.filter((part) => evaluate(part, model, memo) === true).length;
}

function newValue(
  sort: Sort,
  known: {
    readonly random: Random;
    readonly constants: readonly bigint[];
    readonly symbols: readonly Named[];
    readonly model: Model;
  },
): Value {
  const { random, constants, symbols, model } = known;
  const kin = symbols.filter((one) => JSON.stringify(one.sort) === JSON.stringify(sort));
  if (kin.length > 1 && random.percent(30)) {
    const { name } = random.pick(kin);
    return model.symbol(name, sort);
  }
  return randomValue(sort, { random, constants, sizes: model.sizes });
}
