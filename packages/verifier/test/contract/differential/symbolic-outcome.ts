import { argumentFacts } from "../../../src/contract/encoder/assumptions.ts";
import type { ContractTerms } from "../../../src/contract/encoder/contract-terms.ts";
import { type SymbolicCall, symbolicCall } from "../../../src/contract/encoder/symbolic-call.ts";
import { type CallGoal } from "../../../src/contract/encoder/symbolic-run.ts";
import type { ContractFault } from "../../../src/contract/evaluate/fault.ts";
import type { TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import type { Span } from "../../../src/obligation.ts";
import type { Term } from "../../../src/term.ts";
import { evaluateTerm, holds, type Valuation } from "./evaluate-term.ts";

/** End of a run as the encoder describes it. `at` is the offset of the place in the source. */
export type Outcome =
  | { readonly type: "applied" }
  | { readonly type: "guard-false"; readonly at: number }
  | { readonly type: "fault"; readonly code: ContractFault; readonly at: number | undefined }
  /** Formula that the encoder takes for a fact, and that is false. */
  | { readonly type: "false-fact"; readonly index: number };

/** Symbolic run with the number of its facts after each guard. */
export interface PlacedCall {
  readonly call: SymbolicCall;
  /** Number of facts about the arguments. */
  readonly arguments: number;
  /** By the number of facts before and with it: place of the clause whose condition a fact is. */
  readonly guards: ReadonlyMap<number, number>;
}

/** Runs an intent symbolically, and finds out which facts are its guards. */
export function placedCall(terms: ContractTerms, intent: TypedIntent): PlacedCall {
  const call = symbolicCall(terms, intent);
  const guards = new Map<number, number>();
  for (const [at, clause] of intent.guard.entries()) {
    if (clause.type !== "condition") continue;
    const guard = intent.guard.slice(0, at + 1);
    const until = symbolicCall(terms, { ...intent, guard, effect: [], verify: [] });
    guards.set(until.facts.length - 1, clause.span.start.offset);
  }
  const { length } = argumentFacts(intent.parameters, call.locals);
  return { call, arguments: length, guards };
}

/**
 * Follows the facts and goals of a symbolic run in their order, with the values of all symbols
 * before the call. Gives the symbols that the run introduces their values.
 */
export function outcomeOf(
  { call, ...run }: PlacedCall,
  valuation: Valuation,
  { areSumsGrounded }: { readonly areSumsGrounded: boolean },
): Outcome {
  const { facts, goals, intent } = call;
  const unrun = [...intent.effect.filter(({ type }) => type === "assert"), ...intent.verify].map(
    ({ span }) => span,
  );
  const placed = goals
    .filter(({ kind }) => kind !== "postcondition")
    .map((goal) => ({ goal, at: sharedLength(goal.facts, facts) }));
  for (const [index, fact] of [...facts, undefined].entries()) {
    let isUnrun = false;
    for (const { goal, at } of placed) {
      if (at !== index) continue;
      if (unrun.some((span) => isWithin(goal.span, span))) {
        // Assertions and `verify` are not run. What follows them is known only where they hold.
        isUnrun = true;
        continue;
      }
      const isReached = goal.facts.slice(at).every((one) => holds(one, valuation));
      if (isReached && !holds(goal.goal, valuation)) {
        return { type: "fault", code: codeOf(goal), at: goal.span.start.offset };
      }
    }
    if (fact === undefined || isUnrun || define(fact, valuation) || holds(fact, valuation)) {
      continue;
    }
    if (index < run.arguments) return { type: "fault", code: "arguments", at: undefined };
    const guard = run.guards.get(index);
    if (guard === undefined && !areSumsGrounded && isAboutSum(fact)) continue;
    return guard === undefined ? { type: "false-fact", index } : { type: "guard-false", at: guard };
  }
  return { type: "applied" };
}

/** Tells whether a fact is the bound of a sum, which is known where it counts nothing for absent cells. */
function isAboutSum(fact: Term): boolean {
  if (fact.type !== "compare") return false;
  let term = fact.right;
  while (term.type === "select" || term.type === "arithmetic" || term.type === "store") {
    const inner = term.type === "arithmetic" ? term.operands[0] : term.array;
    if (inner === undefined) return false;
    term = inner;
  }
  return term.type === "symbol" && term.name.startsWith(".sum.");
}

function sharedLength(left: readonly Term[], right: readonly Term[]): number {
  const at = left.findIndex((one, place) => one !== right[place]);
  return at < 0 ? left.length : at;
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.start.offset >= outer.start.offset && inner.end.offset <= outer.end.offset;
}

/** Gives a symbol that a fact defines its value. */
function define(fact: Term, { symbols, ...rest }: Valuation): boolean {
  if (fact.type !== "equal" || fact.left.type !== "symbol") return false;
  const { name } = fact.left;
  if (!name.includes("@") || symbols.has(name)) return false;
  symbols.set(name, evaluateTerm(fact.right, { symbols, ...rest }));
  return true;
}

function codeOf({ kind, label }: CallGoal): ContractFault {
  if (kind === "range") return "range";
  if (label.startsWith("the key of")) return "key";
  if (label === "the divisor is not zero") return "division-by-zero";
  return label.startsWith("a number that is hashed") ? "range" : "none";
}
