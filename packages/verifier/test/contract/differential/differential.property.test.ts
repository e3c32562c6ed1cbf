import fc from "fast-check";
import { expect, test } from "vitest";
import type { Concrete } from "../../../src/contract/counterexample/concrete.ts";
import { contractTerms } from "../../../src/contract/encoder/contract-terms.ts";
import { type CallResult, runCall } from "../../../src/contract/execution/run-call.ts";
import type { TypedContract, TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import { applyChanges, initialState } from "../../../src/contract/whole-state/whole-state.ts";
import { contracts } from "../arbitrary-contract.ts";
import { sourceOfContract } from "../contract-tree.ts";
import { contractOf } from "../oracle/judged-contract.ts";
import { differencesAfter, isGroundedAt } from "./compare-after.ts";
import { callsOf, keyPool } from "./random-call.ts";
import { type Outcome, outcomeOf, placedCall } from "./symbolic-outcome.ts";
import { valuationOf } from "./valuation.ts";
import { WRITTEN } from "./written-contracts.ts";

/** End of a run as the interpreter gives it. */
function endOf(result: CallResult): Outcome {
  switch (result.type) {
    case "applied":
      return { type: "applied" };
    case "guard-false":
      return { type: "guard-false", at: result.span.start.offset };
    case "fault": {
      const { code, span } = result;
      return { type: "fault", code, at: code === "arguments" ? undefined : span.start.offset };
    }
    case "out-of-units":
      throw new Error("the call has no limit");
  }
}

/** Compares one run by the interpreter with the same run by the encoder's terms. */
function compare(contract: TypedContract, intent: TypedIntent, calls: readonly Concrete[]): Tally {
  const terms = contractTerms(contract, new Set());
  const placed = placedCall(terms, intent);
  const state = initialState(contract);
  const areSumsGrounded = terms.sums.entries.every(({ sum }, at) => {
    const keys = calls.flatMap((one) => [...(one.state.maps.get(sum.map)?.values() ?? [])]);
    const all = [...keys.map((one) => one.keys), ...keyPool(contract, sum.map)];
    return isGroundedAt(terms, at, all, state);
  });
  const tally: Tally = { runs: 0, applied: 0, faults: 0 };
  for (const concrete of calls) {
    const result = runCall(contract, intent, concrete.call);
    const valuation = valuationOf(terms, intent, concrete);

    expect(outcomeOf(placed, valuation, { areSumsGrounded })).toEqual(endOf(result));
    tally.runs += 1;
    if (result.type === "fault") tally.faults += 1;
    if (result.type !== "applied") continue;
    tally.applied += 1;
    const after = applyChanges(contract, concrete.state, result.changes);
    const { changes } = result;
    const run = { terms, call: placed.call, valuation, concrete, after, changes, areSumsGrounded };

    expect(differencesAfter(run)).toEqual([]);
  }
  return tally;
}

interface Tally {
  runs: number;
  applied: number;
  faults: number;
}

const sample = (contract: TypedContract, intent: TypedIntent, seed: number, runs: number) =>
  fc.sample(callsOf(contract, intent), { numRuns: runs, seed });

test("a random run ends in the same way, in the same state, by interpreter and by terms", () => {
  const all: Tally = { runs: 0, applied: 0, faults: 0 };
  fc.assert(
    fc.property(contracts.map(sourceOfContract), fc.integer(), (source, seed) => {
      const contract = contractOf(source);
      for (const intent of contract.intents) {
        const tally = compare(contract, intent, sample(contract, intent, seed, 12));
        all.runs += tally.runs;
        all.applied += tally.applied;
        all.faults += tally.faults;
      }
    }),
    { numRuns: Number(process.env["AETHEL_RUNS"] ?? 150) },
  );

  expect(all.applied).toBeGreaterThan(0);
  expect(all.faults).toBeGreaterThan(0);
});

test.each(WRITTEN)("runs of a written contract agree: %s", (_name, source) => {
  const contract = contractOf(source);
  for (const intent of contract.intents) {
    const { applied } = compare(contract, intent, sample(contract, intent, 7, 300));

    expect(applied).toBeGreaterThan(0);
  }
});
