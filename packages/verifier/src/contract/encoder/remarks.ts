import { implies, truth } from "../../intent/build-term.ts";
import type { Term } from "../../term.ts";
import type { TypedContract, TypedRule } from "../typed/typed-contract.ts";
import type { Typed } from "../typed/typed-expression.ts";
import { type Before, boundFacts, ruleLocals, stateRanges } from "./assumptions.ts";
import { freshRuleKeys, knownOf } from "./contract-obligation.ts";
import type { ContractTerms } from "./contract-terms.ts";
import { contractTerms } from "./contract-terms.ts";
import { encodeTyped } from "./encode-typed.ts";
import { operandsOf } from "./sums.ts";
import { type SymbolicState, symbolicState } from "./symbolic-state.ts";
import { forget, Touched } from "./touched.ts";

/** Claim that is worth a remark if it holds; a contract is valid whether it does or not. */
export interface RemarkClaim {
  readonly rule: TypedRule;
  readonly claims: readonly { readonly assumptions: readonly Term[]; readonly goal: Term }[];
}

/** Claims that an invariant follows from the types alone, so that it says nothing. */
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
 * Claims that a transition holds from any state to any later one: it holds from a state to itself,
 * and if it holds from a to b and from b to c, from a to c. Only transitions that mention nothing
 * of the call can.
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
