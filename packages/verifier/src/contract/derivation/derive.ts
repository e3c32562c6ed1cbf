import type { Obligation } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import type { TypedContract, TypedExit, TypedIntent } from "../typed/typed-contract.ts";
import { createWorkMeter, WORK_LIMITS, WorkExceeded, type WorkMeter } from "../work.ts";
import { isAssumed } from "./assumed.ts";
import { type Assumed, createAssumed } from "./assumption.ts";
import { callDemands } from "./call-demands.ts";
import { coverageDemands, groundDemands, signDemand } from "./contract-demands.ts";
import type { Demand } from "./demand.ts";
import { paymentDemands, stabilityDemands } from "./exit-demands.ts";
import { createFormulas, type Formula, printFormula } from "./formulas.ts";
import { createTermReader, define, readTerm, type TermReader } from "./read-term.ts";
import { runIntent } from "./run.ts";
import { type Symbols, symbolsOf } from "./symbols.ts";

/**
 * Obligation that must be derived. An obligation of the kind `satisfiable` has a witness, which is
 * a run of the intent in `call` or of `exit`.
 */
export interface ClaimedObligation {
  readonly obligation: Obligation;
  readonly call: { readonly intent: TypedIntent } | undefined;
  readonly exit?: TypedExit;
}

/** Obligations of a contract as they are proved, each of which must be derived. */
export interface ClaimedObligations {
  /** Obligations that terms of sums are not negative, by the index of the sum. */
  readonly signs: ReadonlyMap<number, ClaimedObligation>;
  /** Sums whose obligation in `signs` is proved. */
  readonly shown: ReadonlySet<number>;
  readonly obligations: readonly ClaimedObligation[];
}

/** Difference between the obligations that are proved and those that a contract demands. */
export interface Underived {
  readonly type: "not-demanded" | "not-assumed" | "missing" | "exceeded";
  /** Obligation that is not derived. Undefined if it is missing. */
  readonly obligation: Obligation | undefined;
  /** Rule that demands the obligation; empty if none does. */
  readonly rule: string;
  /** Sentence that names the obligation, the rule, and the assumption. */
  readonly reason: string;
}

/**
 * Derives all that must be shown of a contract from its typed tree, and compares it with what is
 * proved. Undefined if everything that must be shown is among the obligations, and each assumption
 * of each of them follows by a rule. Then the contract keeps its rules if the obligations are
 * valid. Otherwise returns the first difference.
 *
 * A pure function without code of the encoder. It takes at most `unitsMax` units of work; what
 * needs more is not derived.
 */
export function findUnderived(
  contract: TypedContract,
  claimed: ClaimedObligations,
  unitsMax: number = WORK_LIMITS.derivation,
): Underived | undefined {
  try {
    return findWithin(contract, claimed, createWorkMeter(unitsMax));
  } catch (error) {
    if (!(error instanceof WorkExceeded)) throw error;
    const reason = `deriving the obligations takes more than ${error.limit} units of work: use fewer or shorter rules, or fewer \`for each\` in one rule`;
    return { type: "exceeded", obligation: undefined, rule: "", reason };
  }
}

function findWithin(
  contract: TypedContract,
  claimed: ClaimedObligations,
  { spend }: WorkMeter,
): Underived | undefined {
  const formulas = createFormulas(spend);
  const symbols = symbolsOf(contract, formulas);
  const reader = createTermReader(formulas);
  return (
    underivedSign(symbols, reader, claimed) ??
    underivedOf(demandsOf(symbols), {
      reader,
      rules: createAssumed(symbols, claimed.shown),
      claimed: claimed.obligations,
    })
  );
}

/** Returns all that must be shown of a contract. */
function demandsOf(symbols: Symbols): readonly Demand[] {
  const { contract } = symbols;
  return [
    ...groundDemands(symbols),
    ...contract.intents.flatMap((intent) => {
      const run = runIntent(symbols, intent);
      return [...run.demands, ...callDemands(run), ...stabilityDemands(run)];
    }),
    ...contract.exits.flatMap((exit) => paymentDemands(symbols, exit)),
    ...coverageDemands(symbols),
  ];
}

/** Checks the obligations of the sums that count as never negative. They assume no other sum. */
function underivedSign(
  symbols: Symbols,
  reader: TermReader,
  { signs, shown }: ClaimedObligations,
): Underived | undefined {
  const rules = createAssumed(symbols, new Set());
  for (const index of shown) {
    const sum = symbols.sums[index]?.sum;
    const claimed = signs.get(index);
    if (sum === undefined || claimed === undefined) {
      const reason = `no sum with the index ${index} has an obligation on its sign`;
      return { type: "missing", obligation: undefined, rule: "sign of a sum", reason };
    }
    const demands = [signDemand(symbols, sum)];
    const found = underivedOf(demands, { reader, rules, claimed: [claimed] });
    if (found !== undefined) return found;
  }
  return undefined;
}

function underivedOf(
  demands: readonly Demand[],
  of: {
    readonly reader: TermReader;
    readonly rules: Assumed;
    readonly claimed: readonly ClaimedObligation[];
  },
): Underived | undefined {
  const { reader, rules } = of;
  const byGoal = Map.groupBy(demands, ({ goal }) => goal);
  const open = new Set(demands);
  for (const claimed of of.claimed) {
    const { obligation } = claimed;
    if (obligation.kind === "satisfiable") {
      const met = demands.find((demand) => open.has(demand) && isWitnessed(demand, claimed));
      if (met === undefined) return notDemanded(obligation);
      open.delete(met);
      continue;
    }
    const { goal, assumptions } = readObligation(reader, obligation);
    // What is always true is proved, and shows nothing.
    if (goal === reader.formulas.truth) continue;
    reader.formulas.spend(assumptions.length);
    const candidates = (byGoal.get(goal) ?? []).filter(({ witness }) => witness === undefined);
    reader.formulas.spend(2 * candidates.length);
    const [first] = candidates.toSorted(
      (left, right) => rank(left, claimed) - rank(right, claimed),
    );
    if (first === undefined) return notDemanded(obligation);
    const met = candidates.filter((demand) =>
      assumptions.every((one) => isAssumed(rules, one, demand)),
    );
    if (met.length === 0) return notAssumed(obligation, first, assumptions, rules);
    for (const demand of met) open.delete(demand);
  }
  for (const demand of open) {
    // A fact needs no proof.
    if (demand.witness === undefined && isAssumed(rules, demand.goal, demand)) continue;
    const reason = `${demand.kind} of ${demand.intent}: ${demand.rule}: no obligation shows it`;
    return { type: "missing", obligation: undefined, rule: demand.rule, reason };
  }
  return undefined;
}

/** Tells whether a witness of an obligation is a run of what a demand asks for. */
function isWitnessed({ witness }: Demand, { call, exit }: ClaimedObligation): boolean {
  return witness !== undefined && witness.intent === call?.intent && witness.exit === exit;
}

/**
 * Returns the rank of a demand for an obligation: lower if kind and intent are the same. If an
 * assumption is wrong, the report names the demand with the lowest rank.
 */
function rank(demand: Demand, { obligation }: ClaimedObligation): number {
  return (demand.kind === obligation.kind ? 0 : 1) + (demand.intent === obligation.intent ? 0 : 2);
}

/**
 * Reads an obligation. An assumption `symbol = term` about a symbol that the contract does not have
 * is a definition: the symbol is replaced by the term, and the assumption is true.
 */
function readObligation(
  reader: TermReader,
  { assumptions, goal }: Obligation,
): { readonly assumptions: readonly Formula[]; readonly goal: Formula } {
  const defined = new Set<string>();
  for (const one of assumptions) {
    const definition = definitionIn(one);
    if (definition === undefined || defined.has(definition.symbol.name)) continue;
    defined.add(definition.symbol.name);
    define(reader, definition.symbol, definition.term);
  }
  return {
    assumptions: assumptions.map((one) => readTerm(reader, one)),
    goal: readTerm(reader, goal),
  };
}

function definitionIn(
  term: Term,
): { readonly symbol: Term & { type: "symbol" }; readonly term: Term } | undefined {
  if (term.type !== "equal" || term.left.type !== "symbol") return undefined;
  // Symbols of `let`s and stores have this sign in their names; no symbol of a contract has it.
  if (!term.left.name.includes("@")) return undefined;
  return { symbol: term.left, term: term.right };
}

function notDemanded(obligation: Obligation): Underived {
  const reason = `${nameOf(obligation)}: no rule demands this obligation`;
  return { type: "not-demanded", obligation, rule: "", reason };
}

function notAssumed(
  obligation: Obligation,
  demand: Demand,
  assumptions: readonly Formula[],
  rules: Assumed,
): Underived {
  const wrong = assumptions.find((one) => !isAssumed(rules, one, demand));
  const text = wrong === undefined ? "" : printFormula(wrong);
  const reason = `${nameOf(obligation)}: \`${demand.rule}\` demands it, but no rule derives its assumption ${text}`;
  return { type: "not-assumed", obligation, rule: demand.rule, reason };
}

function nameOf({ kind, intent, label }: Obligation): string {
  return `${kind} of ${intent}: ${label}`;
}
