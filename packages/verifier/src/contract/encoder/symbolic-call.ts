import { assert } from "@aethel/models/primitives";
import { equal, not } from "../../intent/build-term.ts";
import { type Obligation } from "../../obligation.ts";
import { type Term } from "../../term.ts";
import {
  type TypedClause,
  type TypedIntent,
  type TypedStatement,
} from "../typed/typed-contract.ts";
import { type Typed } from "../typed/typed-expression.ts";
import { argumentFacts, clockFacts, parameterTerms } from "./assumptions.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { encodeTyped, type SymbolicMessage, signedTerm } from "./encode-typed.ts";
import { bind, type CallGoal, defined, demand, encodingOf, type Run } from "./symbolic-run.ts";
import { lookUp, type SymbolicState, type Terms } from "./symbolic-state.ts";
import { addStore } from "./symbolic-store.ts";
import { Touched } from "./touched.ts";
import { noneTerm, rangeOf, rangeOfScalar } from "./type-terms.ts";

/** Symbolic run of an intent of a contract. */
export interface SymbolicCall {
  readonly intent: TypedIntent;
  readonly before: SymbolicState;
  readonly after: SymbolicState;
  readonly locals: ReadonlyMap<string, Terms>;
  /**
   * Facts that hold at the end of the run, in the order in which they arise: about arguments,
   * guards, `let`s and stores.
   */
  readonly facts: readonly Term[];
  /** Facts that hold once the guards have been found true, before the effects. */
  readonly guarded: readonly Term[];
  /**
   * Goals that arise in the run: expressions have values, stores are in range, and assertions hold.
   */
  readonly goals: readonly CallGoal[];
  /** Amounts that the stores add to the holdings of accounts and of the vault, by asset. */
  readonly deltas: ReadonlyMap<string, readonly Term[]>;
  readonly touched: Touched;
  /** Messages whose signature a guard requires. */
  readonly guardMessages: readonly SymbolicMessage[];
}

/** Runs an intent of a contract symbolically, from any state before. */
export function symbolicCall(terms: ContractTerms, intent: TypedIntent): SymbolicCall {
  const locals = parameterTerms(intent.parameters);
  const run = startRun(terms, intent, {
    locals,
    facts: [...argumentFacts(intent.parameters, locals), ...clockFacts()],
  });
  for (const clause of [...intent.lets, ...intent.guard]) addClause(run, clause);
  return finishRun(run);
}

/**
 * Runs an intent symbolically with given arguments, and adds goals that its guards hold. Further
 * goals say that each guard has a value and that stores are in range. `facts` are assumed at the
 * start.
 */
export function provedCall(
  terms: ContractTerms,
  intent: TypedIntent,
  start: { readonly locals: ReadonlyMap<string, Terms>; readonly facts: readonly Term[] },
): SymbolicCall {
  const locals = new Map(start.locals);
  const run = startRun(terms, intent, { locals, facts: [...start.facts, ...clockFacts()] });
  for (const { name, type, isSigner, isOptional, span } of intent.parameters) {
    const [term] = lookUp(locals, name);
    if (term === undefined) continue;
    const label = `the argument \`${name}\` is in the range of its type`;
    const range = type.kind === "signature" ? undefined : rangeOfScalar(type, term);
    if (range !== undefined) demand(run, { kind: "exit", label, span, goal: range });
    if (isSigner) {
      const goal = signedTerm(term);
      demand(run, { kind: "exit", label: `\`${name}\` signs`, span, goal });
    } else if (type.kind === "account" && !isOptional) {
      const label = `the argument \`${name}\` is not \`none\``;
      demand(run, { kind: "exit", label, span, goal: not(equal(term, noneTerm)) });
    }
  }
  for (const clause of [...intent.lets, ...intent.guard]) {
    if (clause.type === "let") {
      bind(run, clause.name, clause.value);
      continue;
    }
    const [goal] = defined(run, clause.condition);
    if (goal === undefined) continue;
    demand(run, { kind: "exit", label: "the guard holds", span: clause.span, goal });
  }
  return finishRun(run);
}

function startRun(
  terms: ContractTerms,
  intent: TypedIntent,
  { locals, facts }: { readonly locals: Map<string, Terms>; readonly facts: readonly Term[] },
): Run {
  return {
    terms,
    intent,
    locals,
    before: terms.before,
    now: terms.before,
    facts: [...facts],
    goals: [],
    deltas: new Map(),
    touched: new Touched(),
    stores: 0,
  };
}

/** Runs the effects and the conditions of `verify`. */
function finishRun(run: Run): SymbolicCall {
  const { intent, locals } = run;
  const guarded = [...run.facts];
  for (const statement of intent.effect) addStatement(run, statement);
  const facts = [...run.facts];
  addVerify(run);
  const { before, now: after, goals, deltas, touched } = run;
  return {
    intent,
    before,
    after,
    locals,
    facts,
    guarded,
    goals,
    deltas,
    touched,
    guardMessages: guardMessages(run),
  };
}

/** Returns the messages that must be signed for the guards to hold. */
function guardMessages(run: Run): readonly SymbolicMessage[] {
  const needed = new Touched();
  const encoding = { ...encodingOf(run), now: run.before, touch: needed.touch };
  const visit = (typed: Typed): void => {
    if (typed.type === "binary" && typed.operator === "&&") {
      visit(typed.left);
      visit(typed.right);
    } else if (typed.type === "signed-message") encodeTyped(typed, encoding);
  };
  for (const clause of run.intent.guard) if (clause.type === "condition") visit(clause.condition);
  return needed.messages;
}

function addClause(run: Run, clause: TypedClause, assumed: readonly Term[] = []): void {
  if (clause.type === "condition") {
    const [condition] = defined(run, clause.condition, assumed);
    if (condition !== undefined) run.facts.push(condition);
    return;
  }
  bind(run, clause.name, clause.value, assumed);
}

function addStatement(run: Run, statement: TypedStatement): void {
  switch (statement.type) {
    case "let":
      bind(run, statement.name, statement.value);
      return;
    case "assert": {
      const [condition] = defined(run, statement.condition);
      assert(condition !== undefined, "a condition has a value");
      demand(run, {
        kind: "assertion",
        label: "the assertion holds",
        span: statement.span,
        goal: condition,
      });
      return;
    }
    case "emit": {
      const { event, span } = statement;
      const parts = defined(run, event);
      if (event.type !== "record") return;
      event.of.fields.forEach((field, at) => {
        const part = parts[at];
        const goal = part === undefined ? undefined : rangeOf(field.type, part);
        if (goal === undefined) return;
        const label = `\`${field.name}\` of the event is in the range of its type`;
        demand(run, { kind: "range", label, span, goal });
      });
      return;
    }
    case "store":
      addStore(run, statement);
  }
}

function addVerify(run: Run): void {
  // A clause is reached when the earlier ones hold; its claim is shown without them.
  const earlier: Term[] = [];
  for (const clause of run.intent.verify) {
    if (clause.type === "let") {
      bind(run, clause.name, clause.value, earlier);
      continue;
    }
    const [claim] = defined(run, clause.condition, earlier);
    assert(claim !== undefined, "a condition has a value");
    const label = "the condition of `verify` holds after the effects";
    run.goals.push({
      kind: "postcondition",
      label,
      span: clause.span,
      facts: [...run.facts],
      goal: claim,
    });
    earlier.push(claim);
  }
}

/**
 * Returns the obligation of a goal: the goal's own facts, and the assumptions `known` about the
 * state before the call.
 */
export function completed(goal: CallGoal, known: readonly Term[], intent: string): Obligation {
  const { kind, label, span, facts } = goal;
  return {
    kind,
    intent,
    label,
    span,
    assumptions: [...known, ...facts],
    goal: goal.goal,
    observed: new Map(),
  };
}
