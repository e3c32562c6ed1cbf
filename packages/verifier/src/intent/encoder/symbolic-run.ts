import { printExpression, printPlace } from "../../language/print/print.ts";
import { assetOfHolding, holdingName } from "../../language/syntax/assets.ts";
import type { Assignment, Clause, Expression, Let } from "../../language/syntax/syntax.ts";
import type { Obligation, ObligationKind, Span } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import { add, equal, subtract, symbol } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { usesSequence } from "../compiled/touched.ts";
import { argumentRange, inAmountRange, sequenceRange } from "../ledger-invariants.ts";
import { checkFormula, type Encoding, encodeExpression } from "./encode-expression.ts";
import { observedTerms } from "./observed.ts";
import {
  lookUp,
  type StateTerms,
  stateBefore,
  storeAt,
  termAt,
  worldFacts,
} from "./state-terms.ts";

/** Result of a symbolic run. */
export interface SymbolicRun {
  readonly obligations: readonly Obligation[];
  /** Stores in the order of execution. */
  readonly stores: readonly SymbolicStore[];
  readonly symbols: ReadonlyMap<string, Term>;
  readonly before: StateTerms;
  /** Facts that are assumed of the state before the run. */
  readonly world: readonly Term[];
  /**
   * All facts, in the order in which they arose. An obligation assumes the facts that were known
   * when it was added, and perhaps assumptions of its own.
   */
  readonly facts: readonly Term[];
}

/**
 * Store (executed assignment) to a field or a supply. `previous` is the value before it, and
 * `stored` the symbol for the value after it.
 */
export interface SymbolicStore {
  readonly statement: Assignment;
  /** Value of the right side of the assignment. */
  readonly amount: Term;
  readonly previous: Term;
  readonly stored: Term;
  readonly before: StateTerms;
  readonly after: StateTerms;
  /** Formula that `stored` equals the new value. */
  readonly definition: Term;
  /** Further facts about the state after the store. */
  readonly facts: readonly Term[];
  /**
   * Index of the store's `range` obligation, the last obligation that does not assume the store.
   */
  readonly range: number;
}

/** Function that returns the state after a store, and facts to be assumed about it. */
export type Storing = (
  state: StateTerms,
  store: {
    readonly target: Assignment["target"];
    readonly symbols: ReadonlyMap<string, Term>;
    readonly value: Term;
    /** Number of stores before this one. */
    readonly at: number;
  },
) => { readonly state: StateTerms; readonly facts: readonly Term[] };

/** Returns the state after a store as a term over the state before it, without further facts. */
export const storeTerm: Storing = (state, store) => ({ state: storeAt(state, store), facts: [] });

/** State of a symbolic run: the facts, the ledger's state and the obligations so far. */
export interface Run {
  readonly intent: CompiledIntent;
  readonly storing: Storing;
  readonly symbols: Map<string, Term>;
  readonly sequence: Term;
  readonly before: StateTerms;
  now: StateTerms;
  readonly world: readonly Term[];
  readonly facts: Term[];
  /** Amounts that each store (executed assignment) added, by asset; the native asset is `""`. */
  readonly deltas: Map<string, readonly Term[]>;
  readonly stores: SymbolicStore[];
  readonly obligations: Obligation[];
  readonly observed: ReadonlyMap<string, Term>;
}

/** Starts a run with the facts about the arguments and the state before it. */
export function startRun(intent: CompiledIntent, storing: Storing): Run {
  const symbols = new Map(
    intent.parameters.map((parameter) => [
      parameter.name,
      symbol(parameter.name, parameter.type === "Bool" ? "boolean" : "integer"),
    ]),
  );
  // A name of the language has no dot and no `@`, so it differs from these.
  const before = stateBefore(intent);
  const sequence = symbol(".sequence", "integer");
  const facts = intent.parameters.flatMap((parameter) => {
    const range = argumentRange(parameter, lookUp(symbols, parameter.name));
    return range === undefined ? [] : [range];
  });
  if (usesSequence(intent)) facts.push(sequenceRange(sequence));
  const world = worldFacts(intent, { symbols, before });
  facts.push(...world);
  const observed = observedTerms(intent, { symbols, sequence, before });
  return {
    intent,
    storing,
    symbols,
    sequence,
    before,
    now: before,
    world,
    facts,
    deltas: new Map(),
    stores: [],
    obligations: [],
    observed,
  };
}

/** Encodes a guard clause. All later obligations may assume it. */
export function addClause(run: Run, clause: Clause): void {
  if (clause.type === "let") addLet(run, clause);
  else run.facts.push(defined(run, clause.expression));
}

/**
 * Encodes a `let`. Its name becomes a fresh symbol that equals the value. `assumed` has additional
 * assumptions for the divisions in it.
 */
export function addLet(run: Run, statement: Let, assumed: readonly Term[] = []): void {
  const value = defined(run, statement.value, assumed);
  const isBoolean = run.intent.shapes.get(statement.name.text)?.sort === "boolean";
  // A fresh symbol: substituting the value would double the term with each use.
  const local = symbol(`${statement.name.text}@let`, isBoolean ? "boolean" : "integer");
  run.symbols.set(statement.name.text, local);
  run.facts.push(equal(local, value));
}

/**
 * Encodes an assignment: adds the obligation that the value is in range, and makes the state after
 * it.
 */
export function addAssignment(run: Run, statement: Assignment): void {
  const { operator, target } = statement;
  const amount = defined(run, statement.value);
  const previous = termAt(run.now, target, run.symbols);
  const value =
    operator === "="
      ? amount
      : operator === "+="
        ? add(previous, amount)
        : subtract(previous, amount);
  const place = target.type === "supply" ? printPlace(target) : holdingName(target);
  const at = run.stores.length;
  const stored = symbol(`${place}@${at}`, "integer");
  const definition = equal(stored, value);
  run.facts.push(definition);
  demand(run, {
    kind: "range",
    label: `\`${printPlace(target)}\` stays in 0 .. 2^64-1`,
    span: statement.span,
    goal: inAmountRange(stored),
  });
  const before = run.now;
  const { state, facts } = run.storing(before, { target, symbols: run.symbols, value: stored, at });
  run.now = state;
  run.facts.push(...facts);
  run.stores.push({
    statement,
    amount,
    previous,
    stored,
    before,
    after: state,
    definition,
    facts,
    // The guards' own obligation comes before all of these.
    range: run.obligations.length,
  });
  if (target.type === "supply") return;
  const asset = assetOfHolding(holdingName(target));
  run.deltas.set(asset, [...(run.deltas.get(asset) ?? []), subtract(stored, previous)]);
}

/**
 * Encodes an expression. For each of its divisions, adds the obligation that the divisor is not
 * zero; all later obligations may assume this. `assumed` has additional assumptions for these
 * obligations.
 */
export function defined(run: Run, expression: Expression, assumed: readonly Term[] = []): Term {
  const encoding: Encoding = {
    symbols: run.symbols,
    sequence: run.sequence,
    before: run.before,
    now: run.now,
  };
  const { term, checks } = encodeExpression(expression, encoding);
  for (const check of checks) {
    const base = obligation(run, {
      kind: "defined",
      label: `the divisor of \`${printExpression(check.expression)}\` is not zero`,
      span: check.span,
      goal: check.goal,
    });
    const assumptions = [...base.assumptions, ...assumed, ...check.path];
    run.obligations.push({ ...base, assumptions });
    run.facts.push(checkFormula(check));
  }
  return term;
}

/** Obligation before its assumptions are added. */
export interface Demand {
  readonly kind: ObligationKind;
  readonly label: string;
  readonly span: Span;
  readonly goal: Term;
}

/** Adds an obligation. All later obligations may assume its goal, unless `assume` is false. */
export function demand(
  run: Run,
  what: Demand,
  options: { readonly assume: boolean } = { assume: true },
): void {
  run.obligations.push(obligation(run, what));
  if (options.assume) run.facts.push(what.goal);
}

/** Completes an obligation with the facts known so far as its assumptions. */
export function obligation(run: Run, what: Demand): Obligation {
  return { ...what, intent: run.intent.name, assumptions: [...run.facts], observed: run.observed };
}
