import type { Counterexample } from "../../intent/counterexample/counterexample.ts";
import type { Obligation } from "../../obligation.ts";
import type { TermValue } from "../../term.ts";
import type { ContractObligation } from "../encoder/contract-obligation.ts";
import { concreteOf } from "./concrete.ts";
import { confirmRun } from "./confirm.ts";
import { finiteQuestion, type RealHash } from "./finite-question.ts";
import { realHashes } from "./real-hashes.ts";
import { showRun } from "./show.ts";

/**
 * Greatest number of cells that each map of a searched state has in addition to those that the call
 * or the rule reads.
 */
export const PADS_MAX = 2;

/**
 * Function that asks the solver for a model of an obligation's assumptions and the negation of its
 * goal. Undefined if the solver returns none.
 */
export type AskSolver = (question: Obligation) => ReadonlyMap<string, TermValue> | undefined;

/** Run that was found and confirmed without the solver. */
export interface FoundRun {
  readonly counterexample: Counterexample;
  /**
   * Number of cells that each map has in addition to those that are read. The values of the model
   * follow, in the order of the question's observed terms.
   */
  readonly witness: readonly TermValue[];
}

/**
 * Searches for a state with finitely many cells in which an obligation fails (for `satisfiable`: in
 * which a call can run), and confirms it by running the call. Small numbers and few cells come
 * first, since they are easier to read. Undefined if no confirmed run is found.
 */
export function searchRun(obligation: ContractObligation, ask: AskSolver): FoundRun | undefined {
  for (const isSmall of [true, false]) {
    for (let pads = 0; pads <= PADS_MAX; pads++) {
      const found = searchWith(obligation, ask, { pads, isSmall });
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function searchWith(
  obligation: ContractObligation,
  ask: AskSolver,
  options: { readonly pads: number; readonly isSmall: boolean },
): FoundRun | undefined {
  let known: readonly RealHash[] = [];
  // The solver invents hashes: they are replaced by the real ones of what it hashes, once.
  for (let round = 0; round < 2; round++) {
    const asked = finiteQuestion(obligation, { ...options, hashes: known });
    const values = ask(asked.question);
    if (values === undefined) return undefined;
    const counterexample = confirmValues(obligation, options.pads, values);
    if (counterexample !== undefined) {
      const { observed } = asked.question;
      const witness = [...observed.keys()].flatMap((key) => values.get(key) ?? []);
      return { counterexample, witness: [BigInt(options.pads), ...witness] };
    }
    known = realHashes(asked, values);
    if (known.length === 0) return undefined;
  }
  return undefined;
}

/**
 * Confirms the values of a model, or of a witness in a certificate, by running the call. Undefined
 * if they describe no state and call, or if the obligation does not fail in the run.
 */
export function confirmValues(
  obligation: ContractObligation,
  pads: number,
  values: ReadonlyMap<string, TermValue>,
): Counterexample | undefined {
  const { before, call, rule, exit } = obligation;
  if (call === undefined) return undefined;
  const { contract } = before;
  const { intent } = call;
  const concrete = concreteOf(intent, finiteQuestion(obligation, { pads, isSmall: false }), {
    before,
    values,
  });
  if (concrete === undefined) return undefined;
  const run = confirmRun(contract, intent, obligation.obligation, { concrete, rule, exit });
  return run === undefined ? undefined : showRun(contract, intent, obligation.obligation, run);
}

/** Tells whether the values of a certificate's witness show that a call can run. */
export function isWitness(obligation: ContractObligation, witness: readonly TermValue[]): boolean {
  const [pads, ...values] = witness;
  if (typeof pads !== "bigint" || pads < 0n || pads > BigInt(PADS_MAX)) return false;
  const { question } = finiteQuestion(obligation, { pads: Number(pads), isSmall: false });
  const keys = [...question.observed.keys()];
  if (keys.length !== values.length) return false;
  const valuation = new Map<string, TermValue>();
  for (const [at, key] of keys.entries()) {
    const value = values[at];
    if (value !== undefined) valuation.set(key, value);
  }
  return confirmValues(obligation, Number(pads), valuation) !== undefined;
}
