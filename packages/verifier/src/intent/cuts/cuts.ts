import type { Obligation } from "../../obligation.ts";
import type { Term } from "../../term.ts";
import type { CompiledIntent } from "../compiled/compile.ts";
import { touchedAccounts } from "../compiled/touched.ts";
import { symbolicRun } from "../encoder/obligations.ts";
import type { SymbolicRun } from "../encoder/symbolic-run.ts";
import { boundsLemma, type HoldingStore, holdingStores, type Lemma } from "./cut-lemmas.ts";
import { type GroupSum, groupSums } from "./group-sums.ts";
import { namedStores } from "./named-stores.ts";
import { createMentions, type Mentions } from "./relevance.ts";

/**
 * Cut: a smaller form of an obligation, which is easier to prove. It has only those assumptions of
 * the obligation that seem needed, and in addition the parts of proved lemmas.
 */
export interface Cut {
  readonly assumptions: readonly Term[];
  readonly goal: Term;
  /** Indexes in `Cuts.lemmas` of the lemmas whose parts are assumed, in ascending order. */
  readonly uses: readonly number[];
}

/** Lemmas of an intent, and the cuts that use them. */
export interface Cuts {
  readonly lemmas: readonly Lemma[];
  /** Cut of each obligation of the intent, in order. Undefined for the obligation `satisfiable`. */
  readonly goals: readonly (Cut | undefined)[];
}

/**
 * Least number of accounts for which the obligations of an intent are split into lemmas and cuts.
 * Z3 without cuts takes 0.11 million units for one sender that pays 6 accounts, 0.5 million for 8
 * accounts, and 2.5 million for 10 accounts.
 */
const ACCOUNTS_MIN = 6;

/**
 * Builds lemmas, and for each obligation a cut that assumes them. Undefined for an intent that
 * touches fewer than `accountsMin` accounts.
 *
 * If the lemmas and a cut are valid, so is the obligation. The run of the cut is that of the
 * obligation, except that the array after store k is a fresh symbol. Suppose that the obligation
 * has a counterexample: a model of its assumptions and its negated goal. Let each fresh symbol be
 * the array itself. Then the model satisfies the cut's facts too: facts about the symbol are
 * instances of the read-over-write axiom (McCarthy 1962), and every other term equals its
 * counterpart. The sum of some accounts is at most the sum of all, because no amount is negative.
 * All lemmas hold in the model, because each is proved from such facts. A cut assumes only some of
 * these facts and lemmas. So if the cut is valid, the model cannot exist, and the obligation is
 * valid.
 *
 * The converse does not hold: a cut may lack an assumption that it needs. Then the obligation is
 * judged without its cut.
 */
export function cutsOf(intent: CompiledIntent, accountsMin = ACCOUNTS_MIN): Cuts | undefined {
  if (touchedAccounts(intent).length < accountsMin) return undefined;
  const world = worldOf(intent, symbolicRun(intent, namedStores(intent)));
  const known = lemmasOf(world);
  const goals = world.run.obligations.map((obligation, at) =>
    obligation.kind === "satisfiable" ? undefined : cutOf(world, known, { obligation, at }),
  );
  return { lemmas: known.map(({ lemma }) => lemma), goals };
}

/**
 * Symbolic run in which each store's result has a name, with tables for selecting the facts that
 * the cut of an obligation needs.
 */
interface World {
  readonly run: SymbolicRun;
  /**
   * Names of the terms that are accounts: account parameters, and the arbitrary account `.anyone`.
   */
  readonly accounts: ReadonlySet<string>;
  readonly stores: readonly HoldingStore[];
  readonly groups: readonly GroupSum[];
  readonly mentions: (term: Term) => Mentions;
  /** Formulas that define a symbol, by the name of that symbol. */
  readonly definitions: ReadonlyMap<string, Term>;
  /** Facts about the field values after a store, each with that store. */
  readonly storeFacts: ReadonlyMap<Term, HoldingStore>;
  readonly facts: ReadonlySet<Term>;
  /** Facts that bound the sum of the holdings of all accounts in the state before the run. */
  readonly sums: ReadonlySet<Term>;
}

function worldOf(intent: CompiledIntent, run: SymbolicRun): World {
  const parameters = intent.parameters.filter((one) => one.type === "Account");
  const stores = holdingStores(run.stores, run.symbols);
  const defined = run.facts.flatMap((fact) => {
    const name = definedBy(fact);
    return name === undefined ? [] : [[name, fact] as const];
  });
  return {
    run,
    accounts: new Set([".anyone", ...parameters.map((one) => one.name)]),
    stores,
    groups: groupSums(intent, run, stores),
    mentions: createMentions(),
    definitions: new Map(defined),
    storeFacts: new Map(stores.flatMap((store) => store.facts.map((fact) => [fact, store]))),
    facts: new Set(run.facts),
    sums: new Set(run.world.filter((fact) => fact.type === "compare")),
  };
}

/** Lemma about the field of account `reader` after one store. */
interface KnownLemma {
  readonly lemma: Lemma;
  readonly store: HoldingStore;
  readonly reader: Term;
}

function lemmasOf(world: World): readonly KnownLemma[] {
  return world.stores.flatMap((store) => {
    if (store.operator === "=") return [];
    return store.facts.flatMap((fact) => {
      const reader = readerOf(fact);
      return reader === undefined
        ? []
        : [{ lemma: boundsLemma(store, reader, fact), store, reader }];
    });
  });
}

function cutOf(
  world: World,
  lemmas: readonly KnownLemma[],
  { obligation, at }: { readonly obligation: Obligation; readonly at: number },
): Cut {
  const facts = obligation.assumptions.flatMap(conjuncts);
  const { goal } = obligation;
  if (obligation.kind === "conservation") {
    // Sums of what was stored do not depend on which accounts are equal.
    const plain = facts.filter((fact) => !world.storeFacts.has(fact) && !world.sums.has(fact));
    return { assumptions: plain, goal, uses: [] };
  }
  const done = world.stores.filter((store) => store.range < at);
  const own = obligation.assumptions.filter((fact) => !world.facts.has(fact));
  const scope = scopeOf(world, { done, facts, terms: [goal, ...own] });
  const assumptions = facts.filter((fact) => {
    const store = world.storeFacts.get(fact);
    if (store === undefined) return !world.sums.has(fact) && isNeeded(world, fact, scope);
    return store.operator === "=" && scope.reads.has(nameOf(readerOf(fact)));
  });
  for (const { accounts, fact } of world.groups) {
    const names = accounts.map(nameOf);
    const isRead = names.some((name) => scope.reads.has(name));
    if (isRead && names.every((name) => scope.symbols.has(name))) assumptions.push(fact);
  }
  const uses: number[] = [];
  lemmas.forEach(({ lemma, store, reader }, index) => {
    if (!scope.reads.has(nameOf(reader)) || !done.includes(store)) return;
    const parts = lemma.parts.filter((part) => isNeeded(world, part, scope));
    if (parts.length === 0) return;
    assumptions.push(...parts);
    uses.push(index);
  });
  return { assumptions, goal, uses };
}

/** Accounts and symbols that an obligation is about. */
interface Scope {
  readonly symbols: ReadonlySet<string>;
  /** Accounts whose fields matter for the obligation. */
  readonly reads: ReadonlySet<string>;
  /** Pairs of account names whose equality or inequality is a known fact. */
  readonly compared: ReadonlySet<string>;
}

/**
 * Collects the symbols and accounts that the obligation's terms mention, also through definitions,
 * and those in the amounts that earlier stores added. Also adds the givers (accounts that something
 * is subtracted from), because what they lose is what others can gain.
 */
function scopeOf(
  world: World,
  about: {
    readonly done: readonly HoldingStore[];
    readonly facts: readonly Term[];
    readonly terms: readonly Term[];
  },
): Scope {
  const symbols = new Set<string>();
  const reads = new Set<string>();
  const open: Term[] = [...about.terms, ...about.done.map((store) => store.amount)];
  for (const store of about.done) if (store.operator === "=") open.push(store.stored);
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    const mentioned = world.mentions(term);
    for (const name of mentioned.reads) reads.add(name);
    for (const name of mentioned.symbols) {
      if (symbols.has(name)) continue;
      symbols.add(name);
      const definition = world.definitions.get(name);
      if (definition !== undefined) open.push(definition);
    }
  }
  const givers = new Set(
    world.stores.filter((store) => store.operator === "-=").map((store) => nameOf(store.account)),
  );
  for (const name of givers) {
    symbols.add(name);
    if (givers.size <= GIVERS_READ_MAX) reads.add(name);
  }
  const compared = new Set<string>();
  for (const fact of about.facts) {
    const equation = fact.type === "not" ? fact.operand : fact;
    if (equation.type !== "equal") continue;
    const [left, right] = [nameOf(equation.left), nameOf(equation.right)];
    if (reads.has(left) || reads.has(right)) compared.add(`${left} ${right}`);
  }
  return { symbols, reads, compared };
}

/**
 * Greatest number of givers (accounts that something is subtracted from) whose fields count as
 * relevant for every obligation of the intent. If an intent has more givers, their fields count
 * only where an obligation mentions them.
 */
const GIVERS_READ_MAX = 2;

/**
 * Tells whether the cut of an obligation needs a fact. A definition is needed if its symbol is in
 * `scope`, that is, if the obligation mentions it. Any other fact is needed if all its accounts are
 * in `scope`, or if it has two accounts that are known to be equal or different.
 */
function isNeeded(world: World, fact: Term, scope: Scope): boolean {
  const name = definedBy(fact);
  if (name !== undefined) return scope.symbols.has(name);
  const accounts = [...world.mentions(fact).symbols].filter((one) => world.accounts.has(one));
  if (accounts.every((one) => scope.symbols.has(one))) return true;
  const [left, right] = accounts;
  const isPair = accounts.length === 2;
  return (
    isPair && (scope.compared.has(`${left} ${right}`) || scope.compared.has(`${right} ${left}`))
  );
}

/**
 * Returns the name of the symbol that a fact defines. Symbols that `let` and stores define have an
 * `@` in their name. Undefined if the fact is no definition.
 */
function definedBy(fact: Term): string | undefined {
  const isDefinition =
    fact.type === "equal" && fact.left.type === "symbol" && fact.left.name.includes("@");
  return isDefinition ? nameOf(fact.left) : undefined;
}

/**
 * Returns the account of which a fact states a field's value after a store. Undefined for any other
 * fact.
 */
function readerOf(fact: Term): Term | undefined {
  return fact.type === "equal" && fact.left.type === "select" ? fact.left.index : undefined;
}

/** Returns the parts of a conjunction, in their order. */
function conjuncts(root: Term): readonly Term[] {
  const parts: Term[] = [];
  const open: Term[] = [root];
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    if (term.type === "and") open.push(...term.operands.toReversed());
    else parts.push(term);
  }
  return parts;
}

function nameOf(term: Term | undefined): string {
  return term?.type === "symbol" ? term.name : "";
}
