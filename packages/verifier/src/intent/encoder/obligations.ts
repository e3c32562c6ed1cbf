import { printExpression } from "../../language/print/print.ts";
import { holdingName } from "../../language/syntax/assets.ts";
import type { HoldingName } from "../../language/syntax/fields.ts";
import type { Assignment } from "../../language/syntax/syntax.ts";
import type { Obligation, Span } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import { atMost, equal, not, select, truth } from "../build-term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { assignmentsOf, touchedFields } from "../compiled/touched.ts";
import { conservationGoals } from "./conservation-goals.ts";
import { anyone, holdingIn, lookUp } from "./state-terms.ts";
import {
  addAssignment,
  addClause,
  addLet,
  defined,
  demand,
  obligation,
  type Run,
  type Storing,
  type SymbolicRun,
  startRun,
  storeTerm,
} from "./symbolic-run.ts";

/**
 * Builds the obligations of an intent, from its checked syntax tree alone. Suppose that
 * `satisfiable` has a model and all other obligations are valid. Then each run from a state that
 * obeys the ledger's invariants ends without a fault, satisfies every clause of `verify`, conserves
 * value, and takes nothing from an account that did not sign.
 *
 * One term object can occur in several obligations and several times in one. Code that visits terms
 * should remember visited ones by object identity.
 */
export function obligationsOf(intent: CompiledIntent): readonly Obligation[] {
  return symbolicRun(intent, storeTerm).obligations;
}

/**
 * Runs an intent symbolically, and collects its obligations. `storing` makes the state after a
 * store.
 */
export function symbolicRun(intent: CompiledIntent, storing: Storing): SymbolicRun {
  const run = startRun(intent, storing);
  for (const clause of intent.intent.guard) addClause(run, clause);
  const satisfiable = obligation(run, {
    kind: "satisfiable",
    label: "the guards can hold",
    span: guardSpan(intent),
    goal: truth,
  });
  for (const statement of intent.intent.effect) {
    if (statement.type === "let") addLet(run, statement);
    else addAssignment(run, statement);
  }
  addConservation(run);
  addAuthority(run);
  addPostconditions(run);
  return { ...run, obligations: [satisfiable, ...run.obligations] };
}

function addConservation(run: Run): void {
  const span = effectSpan(run.intent);
  for (const { label, goal } of conservationGoals(run)) {
    run.obligations.push(obligation(run, { kind: "conservation", label, span, goal }));
  }
}

/** Adds the obligation that no field of an account that did not sign is lower after the run. */
function addAuthority(run: Run): void {
  const strangers = run.intent.parameters
    .filter((parameter) => parameter.signer)
    .map((parameter) => not(equal(anyone, lookUp(run.symbols, parameter.name))));
  for (const field of touchedFields(run.intent)) {
    const statement = mostSuspect(run.intent, field);
    if (statement === undefined) continue;
    const kept = atMost(
      select(holdingIn(run.before, field), anyone),
      select(holdingIn(run.now, field), anyone),
    );
    const base = obligation(run, {
      kind: "authority",
      label: `no account's \`${field}\` decreases unless it signs`,
      span: statement.span,
      goal: kept,
    });
    run.obligations.push({ ...base, assumptions: [...base.assumptions, ...strangers] });
  }
}

/**
 * Returns the statement to which a failed `authority` obligation points. It is the first write to a
 * non-signer that may decrease the field; if there is none, the first write to a non-signer, and
 * otherwise the first write. Undefined if the intent does not write the field.
 */
function mostSuspect(intent: CompiledIntent, field: HoldingName): Assignment | undefined {
  const signers = new Set(intent.parameters.filter((one) => one.signer).map((one) => one.name));
  const writes = assignmentsOf(intent).filter(
    ({ target }) => target.type === "field" && holdingName(target) === field,
  );
  const strange = writes.filter(
    ({ target }) => target.type === "field" && !signers.has(target.account.text),
  );
  return strange.find((write) => write.operator !== "+=") ?? strange[0] ?? writes[0];
}

function addPostconditions(run: Run): void {
  // A clause is reached when the earlier ones hold; its claim is shown without them.
  const earlier: Term[] = [];
  for (const clause of run.intent.intent.verify) {
    if (clause.type === "let") {
      addLet(run, clause, earlier);
      continue;
    }
    const claim = defined(run, clause.expression, earlier);
    demand(
      run,
      {
        kind: "postcondition",
        label: `\`${printExpression(clause.expression)}\` holds after the effects`,
        span: clause.span,
        goal: claim,
      },
      { assume: false },
    );
    earlier.push(claim);
  }
}

function guardSpan(intent: CompiledIntent): Span {
  return spanOf(intent.intent.guard) ?? intent.intent.name.span;
}

function effectSpan(intent: CompiledIntent): Span {
  return spanOf(intent.intent.effect) ?? intent.intent.name.span;
}

function spanOf(statements: readonly { readonly span: Span }[]): Span | undefined {
  const first = statements[0];
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { start: first.span.start, end: last.span.end };
}
