import { implies, truth } from "../../intent/build-term.ts";
import type { Term } from "../../term.ts";
import { operandsOf } from "../typed/operands-of.ts";
import type { TypedContract, TypedRule } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import { type Before, boundFacts, ruleLocals, stateRanges } from "./assumptions.ts";
import { freshRuleKeys, knownOf } from "./contract-obligation.ts";
import type { ContractTerms } from "./contract-terms.ts";
import { contractTerms } from "./contract-terms.ts";
import { encodeTyped } from "./encode-typed.ts";
import { type SymbolicState, symbolicState } from "./symbolic-state.ts";
import { forget, Touched } from "./touched.ts";

/**
 * Statement about a rule that leads to a remark if it is proved. The contract is valid either way.
 */
export interface RemarkClaim {
  readonly rule: TypedRule;
  readonly claims: readonly { readonly assumptions: readonly Term[]; readonly goal: Term }[];
}

/**
 * Returns statements that an invariant follows from the types alone. Such an invariant excludes no
 * state.
 */
export function emptyInvariants(contract: TypedContract): readonly RemarkClaim[] {
  const terms = contractTerms(contract, new Set());
  return contract.invariants.map((rule) => {
    const before = ruleBefore(terms, rule, terms.before);
    const assumptions = [...boundFacts(before), ...stateRanges(before)];
    const goal = ruleTerm(terms, rule, terms.before, terms.before);
    return { rule, claims: [{ assumptions, goal }] };
  });
}

/**
 * Returns statements that a transition holds from each state to every later one. They are: it holds
 * from a state to itself, and if it holds from a to b and from b to c, then from a to c. Leaves out
 * transitions that mention the call, for which this cannot hold.
 */
export function lastingTransitions(contract: TypedContract): readonly RemarkClaim[] {
  const terms = contractTerms(contract, new Set());
  const { sums } = terms;
  const [a, b, c] = ["a", "b", "c"].map((prefix) => symbolicState(contract, sums, prefix));
  if (a === undefined || b === undefined || c === undefined) return [];
  return contract.transitions
    .filter((rule) => !mentionsCall(rule.condition))
    .map((rule) => {
      const known = [a, b, c].flatMap((state) => knownOf(ruleBefore(terms, rule, state)));
      const holds = (before: SymbolicState, now: SymbolicState): Term =>
        ruleTerm(terms, rule, before, now);
      return {
        rule,
        claims: [
          { assumptions: known, goal: holds(a, a) },
          { assumptions: [...known, holds(a, b)], goal: implies(holds(b, c), holds(a, c)) },
        ],
      };
    });
}

function ruleBefore(
  { contract, sums }: ContractTerms,
  rule: TypedRule,
  state: SymbolicState,
): Before {
  return { contract, sums, state, touched: new Touched(), bound: freshRuleKeys(rule) };
}

function ruleTerm(
  { contract, sums }: ContractTerms,
  rule: TypedRule,
  before: SymbolicState,
  now: SymbolicState,
): Term {
  const locals = ruleLocals(
    rule,
    freshRuleKeys(rule).map((one) => one.keys),
  );
  const encoding = { contract, sums, locals, before, now, touch: forget };
  return encodeTyped(rule.condition, encoding).terms[0] ?? truth;
}

/** Tells whether an expression mentions the call: signatures, the time or the sequence. */
function mentionsCall(typed: Typed): boolean {
  const { type } = typed;
  if (type === "signed" || type === "signed-message" || type === "now" || type === "sequence") {
    return true;
  }
  return operandsOf(typed).some(mentionsCall);
}
