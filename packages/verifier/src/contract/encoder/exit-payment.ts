import { atMost, equal, less, not, select, subtract, truth } from "../../intent/build-term.ts";
import { type TypedContract, type TypedExit, type TypedIntent } from "../typed/typed-contract.ts";
import { type ContractTerms } from "./contract-terms.ts";
import { type DefinedCheck, encodeTyped, nowTerm, signedTerm } from "./encode-typed.ts";
import {
  boundOf,
  claimTerms,
  type ExitGoals,
  exitLocals,
  freshKeys,
  keyFacts,
} from "./exit-terms.ts";
import { provedCall } from "./symbolic-call.ts";
import { type CallGoal, definedGoal, isKnown } from "./symbolic-run.ts";
import { holdingKey, lookUp } from "./symbolic-state.ts";
import { forget } from "./touched.ts";
import { noneTerm } from "./type-terms.ts";

/**
 * Returns the goals that an exit pays. Take any state that meets the invariants, in which the
 * exit's condition holds and its time has passed. Then its call runs, and the holdings of its
 * beneficiary rise by at least what is owed.
 */
export function payment(terms: ContractTerms, exit: TypedExit): ExitGoals {
  const { contract } = terms;
  const keys = freshKeys(exit);
  const own = claimTerms(terms, exit, { keys, state: terms.before });
  const intent = intentNamed(contract, exit.via.intent);
  const encoding = {
    contract,
    sums: terms.sums,
    locals: exitLocals(exit, keys),
    before: terms.before,
    now: terms.before,
    touch: forget,
  };
  const argumentChecks: DefinedCheck[] = [];
  const locals = new Map(
    intent.parameters.map(({ name }, at) => {
      const argument = exit.via.args[at];
      const encoded = argument === undefined ? undefined : encodeTyped(argument, encoding);
      argumentChecks.push(...(encoded?.checks ?? []));
      return [name, encoded?.terms ?? []] as const;
    }),
  );
  const { beneficiary } = own;
  const facts = [
    ...keyFacts(exit, keys),
    own.condition,
    ...(own.after === undefined ? [] : [less(own.after, nowTerm)]),
    ...(exit.who === "by" ? [signedTerm(beneficiary)] : []),
  ];
  const call = provedCall(terms, intent, { locals, facts });
  const about = { span: exit.span, kind: "exit" } as const;
  const asset = exit.keeping?.asset ?? "";
  const key = holdingKey("balance", asset);
  const rise = subtract(
    select(lookUp(call.after.holdings, key), beneficiary),
    select(lookUp(call.before.holdings, key), beneficiary),
  );
  call.touched.touch.account(beneficiary, asset);
  const goals: readonly CallGoal[] = [
    {
      kind: "satisfiable",
      span: exit.span,
      label: `\`${exit.name}\` can be owed to somebody`,
      facts: [...keyFacts(exit, keys), own.condition],
      goal: truth,
    },
    ...own.checks
      .filter((check) => !isKnown(check, keyFacts(exit, keys)))
      .map((check) => definedGoal(check, [])),
    ...argumentChecks
      .filter((check) => !isKnown(check, facts))
      .map((check) => definedGoal(check, facts)),
    {
      ...about,
      label: `the beneficiary of \`${exit.name}\` is not \`none\``,
      facts,
      goal: not(equal(beneficiary, noneTerm)),
    },
    ...call.goals.map((goal): CallGoal => ({ ...goal, kind: "exit" })),
    {
      ...about,
      label: `\`${exit.name}\` pays what is owed`,
      facts: call.facts,
      goal: atMost(own.amount, rise),
    },
  ];
  return { exit, goals, bound: boundOf(exit, keys), call };
}

function intentNamed(contract: TypedContract, name: string): TypedIntent {
  const intent = contract.intents.find((one) => one.name === name);
  if (intent === undefined) throw new Error("a checked exit names an intent");
  return intent;
}
