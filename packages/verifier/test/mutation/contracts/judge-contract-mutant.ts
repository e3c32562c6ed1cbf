import { checkContract } from "../../../src/contract/check/check-contract.ts";
import { searchRun } from "../../../src/contract/counterexample/search.ts";
import { type ContractObligation } from "../../../src/contract/encoder/contract-obligation.ts";
import { signObligations } from "../../../src/contract/encoder/ground.ts";
import { contractObligations } from "../../../src/contract/encoder/obligations.ts";
import type { TypedContract } from "../../../src/contract/typed/typed-contract.ts";
import { parseSource } from "../../../src/language/parse/parse.ts";
import type { Contract } from "../../../src/language/syntax/contract.ts";
import type { Term } from "../../../src/term.ts";
import { certifier, proveClaim } from "../../../src/verdicts/certifier.ts";
import type { SolverInstance } from "../../../src/z3/instance/solver-instance.ts";
import { createObligationRun } from "../../../src/z3/questions/obligation-run.ts";
import type { ContractMutant } from "./contract-mutants.ts";

/**
 * Fate of a mutant.
 *
 * `rejected`: it does not check. `refuted`: an obligation fails in a confirmed run. `undecided`: an
 * obligation is neither proved nor refuted. `stricter`: valid, and its guards imply those of the
 * original, whose effects it has. `survived`: valid, and to be explained.
 */
export type Fate = "rejected" | "refuted" | "undecided" | "stricter" | "survived";

/** Steps of the prover for one obligation; the library itself needs fewer. */
const STEPS = 100_000;

/** Units of the solver for one question. */
const UNITS = 4_000_000;

/** Contract of a source: as written, with its constants by name, and typed. */
export interface ReadContract {
  readonly syntax: Contract;
  readonly typed: TypedContract;
}

/** Reads the contract of a source. Undefined if it does not check. */
export function readContract(source: string): ReadContract | undefined {
  const parsed = parseSource(source);
  const syntax = parsed.ok ? parsed.module.items[0] : undefined;
  if (syntax?.type !== "contract") return undefined;
  const checked = checkContract(syntax);
  return checked.ok ? { syntax, typed: checked.contract } : undefined;
}

/** Returns all obligations of a contract, with the sums that are shown to count nothing negative. */
function obligationsOf(contract: TypedContract): readonly ContractObligation[] {
  const shown = new Set<number>();
  for (const [at, { obligation }] of signObligations(contract)) {
    if (isProved(obligation)) shown.add(at);
  }
  return contractObligations(contract, shown);
}

function isProved(claim: { readonly assumptions: readonly Term[]; readonly goal: Term }): boolean {
  return proveClaim(certifier, claim, STEPS).type === "certified";
}

/** Judges what a mutant changes: the obligations of its intent, and of the exits that call it. */
export function fateOf(
  instance: SolverInstance,
  original: TypedContract,
  mutant: ContractMutant,
): Fate {
  const contract = readContract(mutant.source)?.typed;
  if (contract === undefined) return "rejected";
  const ask = (question: Parameters<Parameters<typeof searchRun>[1]>[0]) => {
    const answer = createObligationRun(instance).check(question, UNITS);
    return answer.type === "sat" ? answer.values : undefined;
  };
  const own = obligationsOf(contract).filter(
    ({ obligation }) => obligation.intent === mutant.intent,
  );
  let isOpen = false;
  for (const one of own) {
    if (one.obligation.kind === "satisfiable") {
      if (searchRun(one, ask) === undefined) isOpen = true;
    } else if (!isProved(one.obligation)) {
      if (searchRun(one, ask) !== undefined) return "refuted";
      isOpen = true;
    }
  }
  if (isOpen) return "undecided";
  return mutant.isGuard && isStricter(original, own, mutant.intent) ? "stricter" : "survived";
}

/** Tells whether all that the guards of the original say follows from those of the mutant. */
function isStricter(
  original: TypedContract,
  own: readonly ContractObligation[],
  intent: string,
): boolean {
  const find = (obligations: readonly ContractObligation[]): ContractObligation | undefined =>
    obligations.find(
      ({ obligation, exit }) =>
        obligation.kind === "satisfiable" && obligation.intent === intent && exit === undefined,
    );
  const before = find(contractObligations(original, new Set()));
  const after = find(own);
  if (before === undefined || after === undefined) return false;
  const { assumptions } = after.obligation;
  return before.goal.facts.every((goal) => isProved({ assumptions, goal }));
}
