import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompiledIntent } from "../../src/intent/compiled/compile.ts";
import { holdingStores } from "../../src/intent/cuts/cut-lemmas.ts";
import { type Cuts, cutsOf } from "../../src/intent/cuts/cuts.ts";
import { namedStores } from "../../src/intent/cuts/named-stores.ts";
import { obligationsOf, symbolicRun } from "../../src/intent/encoder/obligations.ts";
import type { Term } from "../../src/term.ts";
import { intents, sourceOf } from "../language/arbitrary-program.ts";
import { type ArrayValue, evaluateTerm, type SymbolValue } from "./evaluate-term.ts";
import { payroll } from "./many-accounts.ts";
import { compileAll } from "./prove.ts";
import { symbolsOf, worlds } from "./random-world.ts";

const sources = intents.map(sourceOf);

describe("cuts of random intents", () => {
  test("a world that refutes an obligation refutes its cut, and no lemma", () => {
    const seen = { refuted: 0, lemmas: 0, pairs: 0 };
    fc.assert(
      fc.property(sources, fc.array(worlds, { minLength: 4, maxLength: 4 }), (source, some) => {
        const intent = single(source);
        const cuts = cutsOf(intent, 0);
        if (cuts === undefined) throw new Error("every intent can be cut");
        for (const world of some) {
          for (const anyone of [0n, 1n, 2n, 3n]) {
            const symbols = symbolsOf(world).set(".anyone", anyone);
            for (const [at, one] of obligationsOf(intent).entries()) {
              const cut = cuts.goals[at];
              if (cut === undefined || !isRefuted(one, symbols)) continue;
              seen.refuted++;
              const after = withArrays(intent, symbols, at);
              expect(isRefuted(cut, after), one.label).toBe(true);
              for (const index of cut.uses) {
                const lemma = cuts.lemmas[index];
                if (lemma === undefined) throw new Error("an index of no lemma");
                seen.lemmas++;
                expect(holdsAll(lemma.assumptions, after), lemma.label).toBe(true);
                expect(evaluateTerm(lemma.goal, after), lemma.label).toBe(true);
              }
            }
          }
        }
      }),
      { numRuns: 1_500 },
    );
    expect(Math.min(seen.refuted, seen.lemmas)).toBeGreaterThan(500);
  });

  test("a cut assumes facts of the run, and parts of the lemmas that it uses, and nothing else", () => {
    fc.assert(
      fc.property(sources, (source) => {
        const intent = single(source);
        const cuts = cutsOf(intent, 0);
        if (cuts === undefined) throw new Error("every intent can be cut");
        const run = symbolicRun(intent, namedStores(intent));
        for (const [at, cut] of cuts.goals.entries()) {
          if (cut === undefined) continue;
          const facts = (run.obligations[at]?.assumptions ?? []).flatMap(conjuncts);
          const parts = cut.uses.flatMap((index) => cuts.lemmas[index]?.parts ?? []);
          const known = new Set([...facts, ...parts].map(text));
          const others = cut.assumptions.filter((one) => !known.has(text(one)));
          // What is left are sums of some accounts, which the property above has run.
          expect(others.every(isSum)).toBe(true);
          expect(cut.goal).toEqual(run.obligations[at]?.goal);
          expect([...cut.uses]).toEqual([...cut.uses].toSorted((left, right) => left - right));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("the goal of a lemma is all of its parts: nothing is assumed of it that is not shown", () => {
    fc.assert(
      fc.property(sources, (source) => {
        for (const { goal, parts } of cutsOf(single(source), 0)?.lemmas ?? []) {
          expect(conjuncts(goal)).toEqual(parts.flatMap(conjuncts));
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("cuts of an intent of many accounts", () => {
  test("intents of few accounts are not cut, so their obligations stay as they read", () => {
    expect(cutsOf(single(payroll({ receivers: 4 })))).toBeUndefined();
    expect(cutsOf(single(payroll({ receivers: 5 })))).toBeDefined();
  });

  test("a lemma has two assumptions, and no cut holds a chain of stores", () => {
    const { lemmas, goals } = cutsOf(single(payroll({ receivers: 13 }))) as Cuts;

    expect(lemmas.map((lemma) => lemma.assumptions.length)).toEqual(lemmas.map(() => 2));
    expect(goals.filter((cut) => cut !== undefined)).toHaveLength(goals.length - 1);
    for (const cut of goals) {
      for (const fact of cut?.assumptions ?? []) expect(text(fact)).not.toContain("store");
    }
  });

  test("the bound of one receiver needs one part for each store before it, and the sender's", () => {
    const intent = single(payroll({ receivers: 13 }));
    const { goals } = cutsOf(intent) as Cuts;
    const at = obligationsOf(intent).findIndex((one) => one.label.startsWith("`r13.balance`"));

    expect(goals[at]?.uses).toHaveLength(26);
    expect(goals[at]?.assumptions.length).toBeLessThan(100);
  });
});

function single(source: string): CompiledIntent {
  const [intent] = compileAll(source);
  if (intent === undefined) throw new Error("one intent went in");
  return intent;
}

interface Claim {
  readonly assumptions: readonly Term[];
  readonly goal: Term;
}

/** Whether all assumptions hold and the goal does not; adds what the assumptions define. */
function isRefuted({ assumptions, goal }: Claim, symbols: Map<string, SymbolValue>): boolean {
  return holdsAll(assumptions, symbols) && evaluateTerm(goal, symbols) === false;
}

/** Evaluates assumptions in order; the first equation of a new symbol gives it its value. */
function holdsAll(assumptions: readonly Term[], symbols: Map<string, SymbolValue>): boolean {
  return assumptions.every((fact) => {
    if (fact.type === "equal" && fact.left.type === "symbol" && !symbols.has(fact.left.name)) {
      symbols.set(fact.left.name, evaluateTerm(fact.right, symbols));
    }
    return evaluateTerm(fact, symbols) === true;
  });
}

/** The arrays after the stores that an obligation knows of, each the one before with one entry set. */
function withArrays(
  intent: CompiledIntent,
  symbols: ReadonlyMap<string, SymbolValue>,
  at: number,
): Map<string, SymbolValue> {
  const after = new Map(symbols);
  const run = symbolicRun(intent, namedStores(intent));
  for (const store of holdingStores(run.stores, run.symbols)) {
    if (store.range >= at) break;
    const array = new Map(evaluateTerm(store.arrayBefore, after) as ArrayValue);
    const account = evaluateTerm(store.account, after) as bigint;
    array.set(account, evaluateTerm(store.stored, after) as bigint);
    if (store.arrayAfter.type === "symbol") after.set(store.arrayAfter.name, array);
  }
  return after;
}

function conjuncts(term: Term): readonly Term[] {
  return term.type === "and" ? term.operands.flatMap(conjuncts) : [term];
}

function isSum(term: Term): boolean {
  const sums = ["arithmetic", "select"];
  return term.type === "compare" && term.operator === "at-most" && sums.includes(term.left.type);
}

function text(term: Term): string {
  return JSON.stringify(term, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}` : value,
  );
}
