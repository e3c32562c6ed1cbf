import { truth } from "../../intent/build-term.ts";
import { type TypedContract, type TypedIntent, type TypedRule } from "../typed/typed-contract.ts";
import { createWorkMeter, WORK_LIMITS } from "../work.ts";
import { type About } from "./about.ts";
import { type Before, type BoundKeys } from "./assumptions.ts";
import { authority, claims, conservation, rulesOf } from "./call-goals.ts";
import { type ContractObligation, knownOf } from "./contract-obligation.ts";
import { type ContractTerms, contractTerms } from "./contract-terms.ts";
import { type CoverageGoals, coverage } from "./coverage.ts";
import { payment } from "./exit-payment.ts";
import { stability } from "./exit-stability.ts";
import { type ExitGoals } from "./exit-terms.ts";
import { groundObligations } from "./ground.ts";
import { completed, symbolicCall } from "./symbolic-call.ts";
import { type CallGoal } from "./symbolic-run.ts";
import { Touched } from "./touched.ts";

/**
 * Builds the obligations of a contract from its typed tree alone. Suppose that all are valid, and a
 * call begins in a state that meets the invariants and obeys the ledger's rules. Then the call ends
 * without a fault, in a state that meets the invariants. It conserves value, and takes nothing from
 * an account that did not sign. `shown` has the indexes of the sums for which the obligation of
 * `signObligations` was proved. Throws `WorkExceeded` if the obligations of calls have more than
 * `WORK_LIMITS.assumptions` assumptions.
 */
export function contractObligations(
  contract: TypedContract,
  shown: ReadonlySet<number>,
): readonly ContractObligation[] {
  const terms = contractTerms(contract, shown);
  const { spend } = createWorkMeter(WORK_LIMITS.assumptions);
  return [
    ...groundObligations(terms),
    ...contract.intents.flatMap((intent) => intentObligations(terms, intent, spend)),
    ...contract.exits.flatMap((exit) => exitObligations(terms, payment(terms, exit))),
    ...coverage(terms).flatMap((goals) => coverageObligations(terms, goals)),
  ];
}

/**
 * Returns the obligations that the holdings of a contract are owed to accounts that can get them by
 * an exit.
 */
function coverageObligations(
  { contract, sums, before: state }: ContractTerms,
  { goals, bound }: CoverageGoals,
): readonly ContractObligation[] {
  const before: Before = { contract, sums, state, touched: new Touched(), bound };
  const known = knownOf(before);
  return goals.map(({ goal, about }) => ({
    obligation: completed(goal, known, contract.name),
    goal,
    before,
    call: undefined,
    rule: undefined,
    about,
  }));
}

/** Returns the obligations of the given goals about an exit. */
function exitObligations(
  { contract, sums, before: state }: ContractTerms,
  { goals, bound, call, exit }: ExitGoals,
): readonly ContractObligation[] {
  const touched = call?.touched ?? new Touched();
  const before: Before = { contract, sums, state, touched, bound };
  const known = knownOf(before);
  return goals.map((goal) => ({
    obligation: completed(goal, known, exit.via.intent),
    goal,
    before,
    call,
    rule: undefined,
    exit,
  }));
}

function intentObligations(
  terms: ContractTerms,
  intent: TypedIntent,
  spend: (assumptions: number) => void,
): readonly ContractObligation[] {
  const call = symbolicCall(terms, intent);
  const before: Before = {
    contract: terms.contract,
    sums: terms.sums,
    state: terms.before,
    touched: call.touched,
    bound: [],
  };
  const complete = (
    goals: readonly CallGoal[],
    bound: readonly BoundKeys[] = [],
    of: { readonly rule?: TypedRule; readonly touched?: Touched; readonly about?: About } = {},
  ): readonly ContractObligation[] => {
    const { rule, touched = call.touched, about } = of;
    const own: Before = { ...before, bound, touched };
    const known = knownOf(own);
    spend(known.length * goals.length);
    return goals.map((goal) => ({
      obligation: completed(goal, known, intent.name),
      goal,
      before: own,
      call,
      rule,
      ...(about === undefined ? {} : { about }),
    }));
  };
  const satisfiable: CallGoal = {
    kind: "satisfiable",
    label: "a call can run from a state that meets the invariants",
    span: intent.span,
    facts: call.guarded,
    goal: truth,
  };
  return [
    ...complete([satisfiable, ...call.goals, ...conservation(terms, call), ...authority(call)]),
    ...claims(terms, call).flatMap(({ goal, bound }) => complete([goal], bound)),
    ...rulesOf(terms, call).flatMap(({ goals, bound, rule, touched }) =>
      complete(goals, bound, { rule, touched }),
    ),
    ...stability(terms, call).flatMap(({ goals, bound, exit, part }) =>
      complete(goals, bound, { about: { type: "exit", exit, part } }),
    ),
  ];
}
