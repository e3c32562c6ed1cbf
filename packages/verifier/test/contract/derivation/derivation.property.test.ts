import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileContract } from "../../../src/contract/compile-contract.ts";
import { type ClaimedObligation, findUnderived } from "../../../src/contract/derivation/derive.ts";
import { createFormulas, type Formula } from "../../../src/contract/derivation/formulas.ts";
import { mapOf, partTypes, sortOf, symbolsOf } from "../../../src/contract/derivation/symbols.ts";
import { countOf } from "../../../src/contract/derivation/translate.ts";
import { signObligations } from "../../../src/contract/encoder/ground.ts";
import { contractObligations } from "../../../src/contract/encoder/obligations.ts";
import type { TypedContract } from "../../../src/contract/typed/typed-contract.ts";
import type { Term } from "../../../src/term.ts";
import { certifier, proveClaim } from "../../../src/verdicts/certifier.ts";
import { contracts } from "../arbitrary-contract.ts";
import { sourceOfContract } from "../contract-tree.ts";
import { WRITTEN } from "../differential/written-contracts.ts";
import { EXIT_TRAPS } from "../oracle/exit-traps.ts";
import { contractOf } from "../oracle/judged-contract.ts";
import { mutated } from "../oracle/mutate-source.ts";
import { RULE_TRAPS } from "../oracle/rule-traps.ts";
import { edited } from "../oracle/trap-sources.ts";
import { FEATURES } from "./feature-contracts.ts";

const RUNS = Number(
  process.env["AETHEL_RUNS"] ?? (process.env["AETHEL_SLOW"] === "1" ? 3_000 : 40),
);

function isProved({ obligation }: ClaimedObligation): boolean {
  const { assumptions, goal } = obligation;
  return proveClaim(certifier, { assumptions, goal }, 20_000).type === "certified";
}

/** Returns the sums of a contract whose terms are shown not to be negative. */
function shownOf(contract: TypedContract): ReadonlySet<number> {
  return new Set(
    [...signObligations(contract)].flatMap(([at, one]) => (isProved(one) ? [at] : [])),
  );
}

/** Tells whether every absent cell counts 0. Where one does not, the contract has no certificate. */
function isGrounded(obligations: readonly ClaimedObligation[]): boolean {
  return obligations.every(
    (one) => !one.obligation.label.startsWith("the sum over") || isProved(one),
  );
}

/**
 * Tells whether the term of every sum depends on its cell. The checker finds the cells that a bound
 * of a sum counts by what it reads of them.
 */
function countsCells(contract: TypedContract): boolean {
  const formulas = createFormulas();
  const symbols = symbolsOf(contract, formulas);
  const countAt = (place: string, { sum }: (typeof symbols.sums)[number]): Formula => {
    const { keys, value } = mapOf(contract, sum.map);
    const parts = (types: readonly { readonly kind: string }[]): readonly Formula[] =>
      types.map((type, at) => formulas.symbol(`${place}.${at}`, sortOf(type)));
    const fixed = keys.map((_type, at) => formulas.symbol(`key.${at}`, "integer"));
    return countOf(symbols, sum, { keys: fixed, cell: parts(partTypes(value)) }).count;
  };
  return symbols.sums.every((sum) => countAt("one", sum) !== countAt("other", sum));
}

/** Returns why the honest obligations of a contract are not derived. */
function refusalOf(contract: TypedContract): string | undefined {
  const shown = shownOf(contract);
  const signs = signObligations(contract);
  const obligations = contractObligations(contract, shown);
  const found = findUnderived(contract, { signs, shown, obligations });
  if (found === undefined || !countsCells(contract) || !isGrounded(obligations)) return undefined;
  // An invariant that is false of some key holds of no state.
  return found.reason.endsWith("assumption false") ? undefined : found.reason;
}

const traps = [...EXIT_TRAPS, ...RULE_TRAPS].flatMap(({ source, fault, repair }) => [
  edited(source, fault),
  edited(source, [...fault, ...repair]),
]);
const sources: readonly string[] = [...FEATURES, ...WRITTEN.map(([, source]) => source), ...traps];

describe("the obligations that the encoder builds", () => {
  test("are derived, of contracts that use every part of the language", () => {
    for (const source of sources) expect(refusalOf(contractOf(source)), source).toBeUndefined();
  });

  test("are derived, of contracts with a small change", () => {
    const changed = fc
      .tuple(fc.constantFrom(...sources), fc.infiniteStream(fc.nat({ max: 2 ** 30 })))
      .map(([source, picks]) => {
        const pick = (most: number): number => (picks.next().value ?? 0) % Math.max(1, most);
        return mutated(source, pick) ?? source;
      });
    fc.assert(
      fc.property(changed, (source) => {
        const compiled = compileContract(source);
        if (compiled.type === "contract") expect(refusalOf(compiled.contract)).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });

  test("are derived, of random contracts", () => {
    fc.assert(
      fc.property(contracts.map(sourceOfContract), (source) => {
        expect(refusalOf(contractOf(source))).toBeUndefined();
      }),
      { numRuns: RUNS },
    );
  });
});

/** Ways to make an obligation weaker without the encoder. */
const faults: readonly ((claimed: ClaimedObligation, pick: number) => ClaimedObligation)[] = [
  (claimed) => withObligation(claimed, { goal: { type: "boolean", value: true } }),
  (claimed) => {
    const { assumptions, goal } = claimed.obligation;
    return withObligation(claimed, { assumptions: [...assumptions, goal] });
  },
  (claimed) => {
    const falsehood: Term = { type: "boolean", value: false };
    return withObligation(claimed, { assumptions: [falsehood] });
  },
  (claimed, pick) => {
    const { goal } = claimed.obligation;
    const weaker: Term = { type: "or", operands: [goal, symbolOf(pick)] };
    return withObligation(claimed, { goal: weaker });
  },
  (claimed, pick) => {
    const { assumptions } = claimed.obligation;
    return withObligation(claimed, { assumptions: [...assumptions, symbolOf(pick)] });
  },
  (claimed, pick) => {
    // A second meaning of a symbol contradicts its first one.
    const { assumptions } = claimed.obligation;
    const definition = assumptions.find(
      (one) => one.type === "equal" && one.left.type === "symbol" && one.left.name.includes("@"),
    );
    const other: Term = { type: "integer", value: BigInt(pick) };
    const left: Term = definition?.type === "equal" ? definition.left : other;
    const right: Term =
      definition === undefined
        ? { type: "integer", value: BigInt(pick) + 1n }
        : { type: "arithmetic", operator: "add", operands: [left, { type: "integer", value: 1n }] };
    return withObligation(claimed, {
      assumptions: [...assumptions, { type: "equal", left, right }],
    });
  },
];

function symbolOf(pick: number): Term {
  return { type: "symbol", name: `.scalar.unknown.${pick}`, sort: "boolean" };
}

function withObligation(
  claimed: ClaimedObligation,
  change: Partial<ClaimedObligation["obligation"]>,
): ClaimedObligation {
  return { ...claimed, obligation: { ...claimed.obligation, ...change } };
}

describe("an obligation that nothing else shows", () => {
  const contract = contractOf(FEATURES[2] ?? "");
  const signs = signObligations(contract);
  const shown = shownOf(contract);
  const obligations = contractObligations(contract, shown);
  const reasonWith = (all: readonly ClaimedObligation[]): string | undefined =>
    findUnderived(contract, { signs, shown, obligations: all })?.reason;
  const without = (one: ClaimedObligation): readonly ClaimedObligation[] =>
    obligations.filter((other) => other !== one);
  const needed = obligations.filter((one) => reasonWith(without(one)) !== undefined);

  test("is missed if it is left out", () => {
    const reasons = needed.map((one) => reasonWith(without(one)));

    expect(reasons.every((reason) => reason?.endsWith("no obligation shows it"))).toBe(true);
    // The others hold always, or by what was shown before.
    expect(needed.length).toBeGreaterThan(obligations.length / 2);
  });

  test("is refused if it is made weaker", () => {
    // A witness is run, whatever is assumed of it.
    const proved = needed.filter(({ obligation }) => obligation.kind !== "satisfiable");
    fc.assert(
      fc.property(
        fc.constantFrom(...proved),
        fc.constantFrom(...faults),
        fc.nat({ max: 9 }),
        (one, change, pick) => {
          const all = obligations.map((other) => (other === one ? change(one, pick) : other));

          expect(reasonWith(all), one.obligation.label).toBeDefined();
        },
      ),
      { numRuns: RUNS },
    );
  });
});
