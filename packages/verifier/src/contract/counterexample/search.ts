import { assert } from "@aethel/models/primitives";
import type { Counterexample } from "../../intent/counterexample/counterexample.ts";
import type { Obligation } from "../../obligation.ts";
import type { TermValue } from "../../term.ts";
import type { ContractObligation } from "../encoder/contract-obligation.ts";
import { expressionsOf, literalsOf } from "../typed/operands-of.ts";
import type { FieldValue } from "../typed/value-types.ts";
import { boundKeysOf, type Concrete, concreteOf, validSignatures } from "./concrete.ts";
import { type ConfirmedRun, confirmRun } from "./confirm.ts";
import { falseInState, type StateInQuestion } from "./confirm-state.ts";
import { encodeRun, type RefutingRun } from "./encoded-run.ts";
import { finiteQuestion, type QuestionOptions, type RealHash } from "./finite-question.ts";
import { namesOf } from "./names.ts";
import { realHashes } from "./real-hashes.ts";
import { refutesContract } from "./refute-contract.ts";
import { showRun, showState } from "./show.ts";
import { shrink } from "./shrink.ts";
import { statementOf } from "./statement.ts";

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
   * Encoded run for `refutesContract`. Absent if the obligation asks for a run, or if the run has
   * no room in evidence.
   */
  readonly refutation?: Uint8Array;
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
  for (const most of boundsOf(obligation)) {
    for (let pads = 0; pads <= PADS_MAX; pads++) {
      const found = searchWith(obligation, ask, {
        pads,
        ...(most === undefined ? {} : { most }),
      });
      if (found === undefined) continue;
      return most === SMALL ? found : withSmaller(obligation, ask, { found, pads, most });
    }
  }
  return undefined;
}

/** Number of values of a counterexample that are lowered to at most `SMALL`, one at a time. */
const SMALLER_MAX = 16;

/** Searches for a run that shows the same failure, with as many small numbers as possible. */
function withSmaller(
  obligation: ContractObligation,
  ask: AskSolver,
  of: { readonly found: FoundRun; readonly pads: number; readonly most: bigint | undefined },
): FoundRun {
  const { pads, most } = of;
  let { found } = of;
  const small: number[] = [];
  for (let at = 0; at < SMALLER_MAX; at++) {
    const better = searchWith(obligation, ask, {
      pads,
      ...(most === undefined ? {} : { most }),
      small: { at: [...small, at], most: SMALL },
    });
    if (better === undefined) continue;
    small.push(at);
    found = better;
  }
  return found;
}

/** Greatest number that is easy to read at a glance. */
const SMALL = 20n;

/**
 * Returns the bounds on numbers under which states are searched, one after the other. Undefined: no
 * bound. The second one is above every number that the contract names.
 */
function boundsOf({ before: { contract } }: ContractObligation): readonly (bigint | undefined)[] {
  const largest = literalsOf(expressionsOf(contract)).reduce<bigint>(
    (most, value) => (typeof value === "bigint" && value > most ? value : most),
    SMALL,
  );
  return [SMALL, 2n * largest + 1_000n, undefined];
}

function searchWith(
  obligation: ContractObligation,
  ask: AskSolver,
  options: Omit<QuestionOptions, "hashes">,
): FoundRun | undefined {
  let known: readonly RealHash[] = [];
  // The solver invents hashes: they are replaced by the real ones of what it hashes, once.
  for (let round = 0; round < 2; round++) {
    const asked = finiteQuestion(obligation, { ...options, hashes: known });
    const values = ask(asked.question);
    if (values === undefined) return undefined;
    const confirmed = confirmable(obligation, options.pads, values);
    if (confirmed !== undefined) {
      const { observed } = asked.question;
      const witness = [...observed.keys()].flatMap((key) => values.get(key) ?? []);
      return { ...shown(obligation, confirmed), witness: [BigInt(options.pads), ...witness] };
    }
    known = realHashes(asked, values);
    if (known.length === 0) return undefined;
  }
  return undefined;
}

/** State and call in which an obligation fails, confirmed without the solver. */
interface Confirmed {
  readonly concrete: Concrete;
  /** Keys for which a statement about states is looked at. */
  readonly keys: readonly (readonly FieldValue[])[];
  readonly signatures: RefutingRun["signatures"];
  /** Tells whether the obligation fails in another state, too. */
  readonly isShown: (one: Concrete) => boolean;
  /** Describes how it fails in a state. */
  readonly show: (one: Concrete) => Counterexample | undefined;
}

/**
 * Confirms the values of a model, or of a witness in a certificate, by running the call, or by
 * evaluating a statement about states. Undefined if they describe no state and call, or if the
 * obligation does not fail there.
 */
function confirmable(
  obligation: ContractObligation,
  pads: number,
  values: ReadonlyMap<string, TermValue>,
): Confirmed | undefined {
  const { before, call, rule, exit, about } = obligation;
  const { contract } = before;
  const question = finiteQuestion(obligation, { pads });
  const concrete = concreteOf(call?.intent, question, { before, values });
  if (concrete === undefined) return undefined;
  const signatures = validSignatures(values);
  if (call !== undefined) {
    const { intent } = call;
    const runOf = (one: Concrete): ConfirmedRun | undefined =>
      confirmRun(contract, intent, obligation.obligation, { concrete: one, rule, exit, about });
    const isShown = (one: Concrete): boolean => runOf(one) !== undefined;
    const show = (one: Concrete): Counterexample | undefined => {
      const run = runOf(one);
      return run === undefined ? undefined : showRun(contract, intent, obligation.obligation, run);
    };
    return isShown(concrete) ? { concrete, keys: [], signatures, isShown, show } : undefined;
  }
  const keys = boundKeysOf(before, values);
  if (about === undefined || keys === undefined) return undefined;
  const stateIn = ({ state, spend }: Concrete): StateInQuestion => {
    const names = namesOf(undefined, { concrete, after: state, keys: keys.flat() });
    return { state, keys, names, spend };
  };
  const isShown = (one: Concrete): boolean =>
    falseInState(contract, about, stateIn(one)) !== undefined;
  const show = (one: Concrete): Counterexample => {
    const of = stateIn(one);
    const sentence = falseInState(contract, about, of) ?? "";
    return showState(contract, obligation.obligation, { about, concrete: one, of, sentence });
  };
  return isShown(concrete) ? { concrete, keys, signatures, isShown, show } : undefined;
}

/** Simplifies a confirmed run, and describes and encodes it. */
function shown(
  obligation: ContractObligation,
  { concrete, keys, signatures, isShown, show }: Confirmed,
): Pick<FoundRun, "counterexample" | "refutation"> {
  const { contract } = obligation.before;
  const least = shrink(contract, concrete, isShown);
  const counterexample = show(least);
  assert(counterexample !== undefined, "a simplified run still shows the failure");
  const statement = statementOf(obligation);
  if (statement === undefined) return { counterexample };
  const run = { statement, intent: obligation.call?.intent, concrete: least, keys, signatures };
  const refutation = encodeRun(contract, run);
  const isConfirmed = refutation !== undefined && refutesContract(contract, refutation);
  return isConfirmed ? { counterexample, refutation } : { counterexample };
}

/** Tells whether the values of a certificate's witness show that a call can run. */
export function isWitness(obligation: ContractObligation, witness: readonly TermValue[]): boolean {
  const [pads, ...values] = witness;
  if (typeof pads !== "bigint" || pads < 0n || pads > BigInt(PADS_MAX)) return false;
  const { question } = finiteQuestion(obligation, { pads: Number(pads) });
  const keys = [...question.observed.keys()];
  if (keys.length !== values.length) return false;
  const valuation = new Map<string, TermValue>();
  for (const [at, key] of keys.entries()) {
    const value = values[at];
    if (value !== undefined) valuation.set(key, value);
  }
  return confirmable(obligation, Number(pads), valuation) !== undefined;
}
