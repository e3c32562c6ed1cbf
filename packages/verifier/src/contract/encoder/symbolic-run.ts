import { equal, symbol, under } from "../../intent/build-term.ts";
import { type ObligationKind, type Span } from "../../obligation.ts";
import { type Term } from "../../term.ts";
import { typeOf } from "../typed/type-of.ts";
import { type TypedIntent } from "../typed/typed-contract.ts";
import { type Typed } from "../typed/typed-expression.ts";
import { type ExpressionType } from "../typed/value-types.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { type DefinedCheck, type Encoding, encodeTyped } from "./encode-typed.ts";
import { type SymbolicState, sortOf, type Terms } from "./symbolic-state.ts";
import { keyOf, type Touched } from "./touched.ts";

/** Goal of a symbolic run. `completed` adds the assumptions about the state before the call. */
export interface CallGoal {
  readonly kind: ObligationKind;
  readonly label: string;
  readonly span: Span;
  /** Facts of the run that come before the goal. */
  readonly facts: readonly Term[];
  readonly goal: Term;
}

/** Symbolic run in progress: the current state, the facts so far, and the goals so far. */
export interface Run {
  readonly terms: ContractTerms;
  readonly intent: TypedIntent;
  readonly locals: Map<string, Terms>;
  readonly before: SymbolicState;
  now: SymbolicState;
  readonly facts: Term[];
  readonly goals: CallGoal[];
  readonly deltas: Map<string, Term[]>;
  readonly touched: Touched;
  stores: number;
}

/** Encodes a `let`: introduces fresh symbols that equal the parts of the value. */
export function bind(run: Run, name: string, value: Typed, assumed: readonly Term[] = []): void {
  const parts = defined(run, value, assumed);
  const sorts = sortsOf(typeOf(value));
  const symbols = parts.map((part, at) => {
    const local = symbol(`${name}@let.${at}`, sorts[at] ?? "integer");
    // A fresh symbol: substituting the value would double the term with each use.
    run.facts.push(equal(local, part));
    return local;
  });
  run.locals.set(name, symbols);
}

function sortsOf(type: ExpressionType): readonly ("integer" | "boolean")[] {
  return type.kind === "record" ? type.fields.map((field) => sortOf(field.type)) : [sortOf(type)];
}

/** Returns the context in which the next expression of a run is encoded. */
export function encodingOf(run: Run): Encoding {
  const { contract, sums } = run.terms;
  const { locals, before, now, touched } = run;
  return { contract, sums, locals, before, now, touch: touched.touch };
}

/** Encodes an expression. Adds the goals that it has a value, and assumes them from then on. */
export function defined(run: Run, typed: Typed, assumed: readonly Term[] = []): Terms {
  const { terms, checks } = encodeTyped(typed, encodingOf(run));
  for (const check of checks) {
    if (isKnown(check, run.facts)) continue;
    run.goals.push(definedGoal(check, [...run.facts, ...assumed]));
    run.facts.push(under(check.path, check.goal));
  }
  return terms;
}

/** Tells whether a check is among the facts already, so that it needs no proof. */
export function isKnown({ goal }: DefinedCheck, facts: readonly Term[]): boolean {
  const key = keyOf([goal]);
  return facts.some((fact) => fact.type === goal.type && keyOf([fact]) === key);
}

/** Returns the goal of a check that an expression has a value. */
export function definedGoal(check: DefinedCheck, facts: readonly Term[]): CallGoal {
  const { label, span, path, goal } = check;
  return { kind: "defined", label, span, facts: [...facts, ...path], goal };
}

/** Adds a goal. All later goals may assume it. */
export function demand(run: Run, what: Omit<CallGoal, "facts">): void {
  run.goals.push({ ...what, facts: [...run.facts] });
  run.facts.push(what.goal);
}
