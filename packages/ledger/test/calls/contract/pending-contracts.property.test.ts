import { createTree } from "@aethel/merkle";
import { NATIVE_ASSET, toAmount } from "@aethel/models";
import {
  applyChanges,
  type CallResult,
  cellOf,
  type FieldValue,
  initialState,
  isDefault,
  runCall,
  type TypedContract,
  type TypedIntent,
  type WholeState,
} from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createPendingContracts,
  type PendingContracts,
} from "../../../src/calls/contract/pending-contracts.ts";
import { cellBytes, scalarsCoding } from "../../../src/state/contract-codings.ts";
import { Holding } from "../../../src/state/records.ts";
import { stateKey } from "../../../src/state/state-key.ts";
import { createStateOverlay, type StateOverlay } from "../../../src/state/state-overlay.ts";
import { valuesOf } from "../../fixtures/contract-calls.ts";
import { compiled, KEEPER } from "../../fixtures/contracts.ts";

const keeper = compiled(KEEPER);
const PLENTY = 1_000n;

interface Step {
  readonly intent: TypedIntent;
  readonly values: readonly FieldValue[];
}

const steps: fc.Arbitrary<Step> = fc
  .constantFrom(...keeper.intents)
  .chain((intent) =>
    fc
      .tuple(...intent.parameters.map(({ type }) => valuesOf(type)))
      .map((values) => ({ intent, values })),
  );

/** Transactions, each with its calls. Whether it is applied is drawn as well. */
const histories = fc.array(
  fc.record({ calls: fc.array(steps, { minLength: 1, maxLength: 5 }), isApplied: fc.boolean() }),
  { maxLength: 6 },
);

/** Overlay in which a contract was published and nobody has called it. */
function published(contract: TypedContract): StateOverlay {
  const overlay = createStateOverlay(createTree());
  const { digest, scalars, assets } = contract;
  const initial = scalars.map((scalar) => scalar.initial);
  overlay.write(stateKey.scalars(digest), scalarsCoding(contract), initial);
  for (const id of [NATIVE_ASSET, ...assets.map((asset) => asset.id)]) {
    overlay.write(stateKey.vault(digest, id), Holding, { amount: toAmount(0n) });
  }
  return overlay;
}

/** Runs a call on a whole state, with the interpreter alone. */
function run(state: WholeState, { intent, values }: Step): CallResult {
  const given = intent.parameters.map(({ name }, at) => [name, values[at] ?? 0n] as const);
  return runCall(keeper, intent, {
    arguments: new Map(given),
    signers: new Set(values.filter((value) => typeof value === "string")),
    sequence: 1n,
    now: 1n,
    isSignature: () => false,
    state: {
      holding: () => PLENTY,
      supply: () => PLENTY,
      vault: (asset) => state.vaults.get(asset?.name ?? "") ?? 0n,
      scalar: (name) => state.scalars.get(name) ?? 0n,
      cell: (map, keys) => cellOf(keeper, state, { map, keys }),
    },
  });
}

/** Compares everything that a contract stores with what a buffer returns. */
function expectSame(pending: PendingContracts, state: WholeState): void {
  const stored = pending.of(keeper);
  for (const { name } of keeper.scalars) {
    expect(stored.scalar(name)).toEqual(state.scalars.get(name));
  }
  for (const asset of [undefined, ...keeper.assets]) {
    expect(stored.vault(asset)).toBe(state.vaults.get(asset?.name ?? "") ?? 0n);
  }
  for (const { name, keys, value } of keeper.maps) {
    for (const key of fc.sample(valuesOf(keys[0] ?? { kind: "int" }), { numRuns: 12, seed: 1 })) {
      const cell = cellOf(keeper, state, { map: name, keys: [key] });
      expect(stored.cell(name, [key])).toEqual(isDefault(cell, value) ? undefined : cell);
    }
  }
}

/** Returns the bytes of all cells of a state. */
function bytesOf({ maps }: WholeState): number {
  return keeper.maps.reduce(
    (sum, map) => sum + (maps.get(map.name)?.size ?? 0) * cellBytes(map),
    0,
  );
}

describe("buffered writes of contracts", () => {
  test("calls see the writes of those before them, and only applied transactions last", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const overlay = published(keeper);
        let state = initialState(keeper);
        for (const { calls, isApplied } of history) {
          const pending = createPendingContracts(overlay);
          let current = state;
          for (const step of calls) {
            const result = run(current, step);
            if (result.type !== "applied") continue;
            pending.of(keeper).add(result.changes);
            current = applyChanges(keeper, current, result.changes);
            expectSame(pending, current);
            expect(pending.grownBytes()).toBe(bytesOf(current) - bytesOf(state));
          }
          expectSame(createPendingContracts(overlay), state);
          if (!isApplied) continue;
          const before = overlay.growth();
          pending.apply();
          expect(overlay.growth() - before).toBe(bytesOf(current) - bytesOf(state));
          state = current;
          expectSame(createPendingContracts(overlay), state);
        }
      }),
    );
  });
});
