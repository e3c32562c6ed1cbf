import { compileContract } from "../../../src/contract/compile-contract.ts";
import { type FoundRun, searchRun } from "../../../src/contract/counterexample/search.ts";
import { type ContractObligation } from "../../../src/contract/encoder/contract-obligation.ts";
import { signObligations } from "../../../src/contract/encoder/ground.ts";
import { contractObligations } from "../../../src/contract/encoder/obligations.ts";
import type { TypedContract } from "../../../src/contract/typed/typed-contract.ts";
import { checkInitialState } from "../../../src/contract/whole-state/initial-rules.ts";
import { parseSource } from "../../../src/language/parse/parse.ts";
import { certifier, proveClaim } from "../../../src/verdicts/certifier.ts";
import { createSolverInstance } from "../../../src/z3/installed/instance.ts";
import { createObligationRun } from "../../../src/z3/questions/obligation-run.ts";

/** Obligation of a contract, and whether the prover and the kernel certify it. */
export interface JudgedObligation {
  readonly obligation: ContractObligation;
  /** Kind, intent and label, as a test names an obligation. */
  readonly name: string;
  readonly isCertified: boolean;
}

export interface JudgedContract {
  readonly contract: TypedContract;
  /** All obligations but `satisfiable` ones. */
  readonly obligations: readonly JudgedObligation[];
  /** Sentences on what does not hold of the state at publication. */
  readonly initiallyBroken: readonly string[];
}

/** Compiles the source of a contract. Throws if it is faulty. */
export function contractOf(source: string): TypedContract {
  const compiled = compileContract(source);
  if (compiled.type === "contract") return compiled.contract;
  const parsed = parseSource(source);
  const unread = parsed.ok ? [] : parsed.diagnostics;
  const faults = compiled.type === "faulty" ? compiled.diagnostics : unread;
  throw new Error(`no contract: ${faults.map((one) => one.message).join("; ")}`);
}

/** Judges a contract by prover and kernel alone, with at most `steps` steps for each obligation. */
export function judgeContract(contract: TypedContract, steps = 400_000): JudgedContract {
  const isCertified = ({ obligation }: ContractObligation): boolean => {
    const { assumptions, goal } = obligation;
    return proveClaim(certifier, { assumptions, goal }, steps).type === "certified";
  };
  const signs = [...signObligations(contract)].filter(([, one]) => isCertified(one));
  const shown = new Set(signs.map(([at]) => at));
  const obligations = contractObligations(contract, shown)
    .filter(({ obligation }) => obligation.kind !== "satisfiable")
    .map((one) => {
      const { kind, intent, label } = one.obligation;
      return {
        obligation: one,
        name: `${kind} ${intent}: ${label}`,
        isCertified: isCertified(one),
      };
    });
  const broken = checkInitialState(contract).flatMap(({ problem }) => problem ?? []);
  return { contract, obligations, initiallyBroken: broken };
}

/** Names of the obligations that are not certified. */
export function openOf({ obligations }: JudgedContract): readonly string[] {
  return obligations.filter((one) => !one.isCertified).map(({ name }) => name);
}

/** Returns a search for counterexamples with Z3. */
export async function createSearch(): Promise<
  (obligation: ContractObligation) => FoundRun | undefined
> {
  const instance = await createSolverInstance();
  return (obligation) =>
    searchRun(obligation, (question) => {
      const answer = createObligationRun(instance).check(question, 20_000_000);
      return answer.type === "sat" ? answer.values : undefined;
    });
}
