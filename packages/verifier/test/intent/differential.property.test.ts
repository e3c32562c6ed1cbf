import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CompiledIntent, compileSource } from "../../src/intent/compiled/compile.ts";
import { confirmCounterexample } from "../../src/intent/counterexample/confirm.ts";
import { obligationsOf } from "../../src/intent/encoder/obligations.ts";
import { interpretIntent } from "../../src/intent/execution/interpret.ts";
import type { DeclaredAsset } from "../../src/language/syntax/assets.ts";
import type { Obligation } from "../../src/obligation.ts";
import type { Term } from "../../src/term.ts";
import { intents, sourceOf } from "../language/arbitrary-program.ts";
import { evaluateTerm, type SymbolValue } from "./evaluate-term.ts";
import { type RandomWorld, symbolsOf, valuationOf, worlds } from "./random-world.ts";

const options = { privileged: true };
const sources = intents.map(sourceOf);

describe("the interpreter and the formulas mean the same", () => {
  test("in every world, the obligations that the formulas falsify are those that a run confirms", () => {
    const seen = new Map<string, number>();
    const partitions = new Set<string>();
    fc.assert(
      fc.property(sources, fc.array(worlds, { minLength: 4, maxLength: 4 }), (source, some) => {
        const intent = compile(source);
        const obligations = obligationsOf(intent);
        for (const world of some) {
          partitions.add(partitionOf(Object.values(world.accounts)));
          const byTerms = obligations.map((one) => isShownByTerms(one, world));
          const valuation = valuationOf(intent, world);
          const byRun = obligations.map(
            (one) => confirmCounterexample(intent, one, valuation) !== undefined,
          );

          expect(describeAll(obligations, byRun)).toEqual(describeAll(obligations, byTerms));

          obligations.forEach((one, at) => {
            for (const about of [one.kind, ...aboutGold(one)]) {
              const key = `${about} ${byTerms[at]}`;
              seen.set(key, (seen.get(key) ?? 0) + 1);
            }
          });
        }
      }),
      { numRuns: 2_000 },
    );
    // Bell's number of four: every way in which four names can mean the same accounts.
    expect(partitions.size).toBe(15);
    // A test of agreement says nothing about a case that never came up.
    for (const kind of [
      "satisfiable",
      "postcondition",
      "conservation",
      "range",
      "defined",
      "authority",
      "range of gold",
      "range of the supply",
      "conservation of gold",
      "conservation of an issued or burned supply",
      "direction of the supply",
      "authority over gold",
    ]) {
      expect(seen.get(`${kind} true`) ?? 0, `${kind} shown`).toBeGreaterThan(20);
      expect(seen.get(`${kind} false`) ?? 0, `${kind} not shown`).toBeGreaterThan(20);
    }
  });

  test("a run without a false guard ends in a fault exactly where a range or defined obligation fails", () => {
    fc.assert(
      fc.property(sources, worlds, (source, world) => {
        const intent = compile(source);
        const result = interpretIntent(intent, inputOf(intent, world));
        const failing = obligationsOf(intent).filter(
          (one) =>
            (one.kind === "range" || (one.kind === "defined" && !isInVerify(intent, one))) &&
            isShownByTerms(one, world),
        );

        const places = failing.map((one) => one.span.start.offset);
        expect(places).toEqual(result.type === "fault" ? [result.span.start.offset] : []);
      }),
      { numRuns: 1_000 },
    );
  });
});

function compile(source: string): CompiledIntent {
  const compiled = compileSource(source, options);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.diagnostics));
  const [intent] = compiled.intents;
  if (intent === undefined) throw new Error("one intent went in");
  return intent;
}

function describeAll(
  obligations: readonly Obligation[],
  shown: readonly boolean[],
): readonly string[] {
  return obligations.map((one, at) => `${one.kind} ${one.label}: ${shown[at]}`);
}

/** Partition of the names by the account that they mean. */
function partitionOf(keys: readonly bigint[]): string {
  return keys.map((key) => keys.indexOf(key)).join("");
}

/** Demand of an obligation on the declared asset, by its label. */
function aboutGold({ kind, label }: Obligation): readonly string[] {
  if (kind === "range" && label.includes("supply[GOLD]")) return ["range of the supply"];
  if (kind === "range" && label.includes("[GOLD]")) return ["range of gold"];
  if (kind === "authority" && label.includes("[GOLD]")) return ["authority over gold"];
  if (kind !== "conservation" || !label.includes("GOLD")) return [];
  if (label.includes("as much as")) return ["conservation of an issued or burned supply"];
  return [label.includes("does not") ? "direction of the supply" : "conservation of gold"];
}

function isInVerify(intent: CompiledIntent, obligation: Obligation): boolean {
  const first = intent.intent.verify[0]?.span.start.offset ?? Number.POSITIVE_INFINITY;
  return obligation.span.start.offset >= first;
}

/** Whether this world is a counterexample (for `satisfiable`: a witness) by the formulas alone. */
function isShownByTerms(obligation: Obligation, world: RandomWorld): boolean {
  // Obligation 6 speaks of any account: it is enough to look at those that can change.
  const anyones = obligation.kind === "authority" ? [0n, 1n, 2n, 3n] : [0n];
  return anyones.some((anyone) => {
    const symbols = symbolsOf(world).set(".anyone", anyone);
    if (!holdsAll(obligation.assumptions, symbols)) return false;
    return obligation.kind === "satisfiable" || evaluateTerm(obligation.goal, symbols) === false;
  });
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

function inputOf(intent: CompiledIntent, world: RandomWorld) {
  const values = intent.parameters.map(({ name }) => {
    const account = world.accounts[name];
    return [name, account === undefined ? (world.arguments[name] ?? 0n) : `${account}`] as const;
  });
  return {
    arguments: new Map(values),
    sequence: world.sequence,
    read: (account: string, field: "balance" | "stake", asset?: DeclaredAsset) =>
      (asset === undefined ? world[field] : world.gold).get(BigInt(account)) ?? 0n,
    supply: () => world.supply,
  };
}
