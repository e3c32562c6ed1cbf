import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runCall } from "../../src/contract/execution/run-call.ts";
import { applyChanges } from "../../src/contract/whole-state/whole-state.ts";
import { callsOf } from "./arbitrary-call.ts";
import { contracts } from "./arbitrary-contract.ts";
import { sourceOfContract } from "./contract-tree.ts";
import { checkedContract } from "./language/places.ts";

/** A random contract, one of its intents, and a call of it. */
const runs = contracts
  .map((contract) => checkedContract(sourceOfContract(contract)))
  .chain((contract) =>
    fc
      .constantFrom(...contract.intents)
      .chain((intent) => callsOf(contract, intent).map((random) => ({ contract, intent, random }))),
  );

describe("random calls of random contracts", () => {
  test("many are applied, some stop at a guard, and some have a fault", () => {
    const counts = new Map<string, number>();
    fc.assert(
      fc.property(runs, ({ contract, intent, random }) => {
        const result = runCall(contract, intent, random.call);
        counts.set(result.type, (counts.get(result.type) ?? 0) + 1);
        if (result.type !== "applied") return;

        const after = applyChanges(contract, random.state, result.changes);
        for (const { name, after: value } of result.changes.scalars) {
          expect(after.scalars.get(name)).toEqual(value);
        }
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(counts.get("applied")).toBeGreaterThan(60);
    expect(counts.get("guard-false")).toBeGreaterThan(20);
    expect(counts.get("fault")).toBeGreaterThan(20);
  });
});
