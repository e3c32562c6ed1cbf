import type { ObligationKind } from "../../obligation.ts";
import type { TypedExit, TypedIntent } from "../typed/typed-contract.ts";
import { conjunctsOf, type Formula } from "./formulas.ts";

/**
 * Formula that must be shown. Where `facts` and the rules of `assumed` hold, `goal` must hold. For
 * `satisfiable`, a run of the interpreter must show that the call can happen.
 */
export interface Demand {
  readonly kind: ObligationKind;
  /** Name of the intent or of the contract. */
  readonly intent: string;
  /** Rule of the document's table that demands it, with the name of what it is about. */
  readonly rule: string;
  readonly goal: Formula;
  readonly facts: Facts;
  /** Rules about the state before that may be assumed. */
  readonly assumes: "types" | "state";
  /** Intent and exit that a witness is about; only for `satisfiable`. */
  readonly witness?: { readonly intent: TypedIntent; readonly exit: TypedExit | undefined };
}

/** Facts that hold where something is demanded. */
export interface Facts {
  readonly history: History;
  /** Number of facts of the history that hold there. */
  readonly length: number;
  /** Facts that hold in addition. */
  readonly own: ReadonlySet<Formula>;
}

/**
 * Facts of a run in the order in which they arise. A fact of a run holds at every later place of
 * it: guards passed, and demands were shown.
 */
export interface History {
  readonly firsts: Map<Formula, number>;
  length: number;
}

export function createHistory(facts: readonly Formula[] = []): History {
  const history = { firsts: new Map<Formula, number>(), length: 0 };
  for (const fact of facts) addFact(history, fact);
  return history;
}

/** Adds a fact, and its conjuncts. */
export function addFact(history: History, fact: Formula): void {
  for (const one of withConjuncts(fact)) {
    if (!history.firsts.has(one)) history.firsts.set(one, history.length);
  }
  history.length += 1;
}

/** Returns the facts of a history so far, with more that hold at one place only. */
export function factsOf(
  history: History,
  own: readonly Formula[] = [],
  length: number = history.length,
): Facts {
  return { history, length, own: new Set(own.flatMap(withConjuncts)) };
}

/** Tells whether a formula is one of some facts. */
export function isFact({ history, length, own }: Facts, formula: Formula): boolean {
  return own.has(formula) || (history.firsts.get(formula) ?? length) < length;
}

function withConjuncts(formula: Formula): readonly Formula[] {
  return formula.operator === "and" ? [formula, ...conjunctsOf(formula)] : [formula];
}
