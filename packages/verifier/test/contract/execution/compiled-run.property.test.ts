import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CallWrites, writesOfCall } from "../../../src/contract/execution/call-writes.ts";
import type {
  ContractCall,
  ContractChanges,
} from "../../../src/contract/execution/contract-state.ts";
import { callUnitsBound, runCall } from "../../../src/contract/execution/run-call.ts";
import type { TypedContract, TypedIntent } from "../../../src/contract/typed/typed-contract.ts";
import type { FieldValue } from "../../../src/contract/typed/value-types.ts";
import { LANGUAGE_LIMITS } from "../../../src/language/syntax/limits.ts";
import { contracts } from "../arbitrary-contract.ts";
import { sourceOfContract } from "../contract-tree.ts";
import { callsOf } from "../differential/random-call.ts";
import { WRITTEN } from "../differential/written-contracts.ts";
import { contractOf } from "../oracle/judged-contract.ts";
import { runOnTree } from "./tree-run.ts";

const library = new URL("../../../library/contracts/", import.meta.url);
const LIBRARY = readdirSync(library)
  .filter((name) => name.endsWith(".ae"))
  .map((name): readonly [string, string] => [name, readFileSync(new URL(name, library), "utf8")]);

/** Contract whose runs stop in the middle of expressions, and whose places share their keys. */
const STOPPING = `contract stopping {
  record Pair { left: Int; right: Amount; }
  state { rows: map[Int][Int] Amount; pairs: map[Int] Pair; last: Pair; wide: Int; }
  intent divide(a: Int, b: Int) {
    let q = 7 / a + (b + b) + rows[a][b];
    guard { (9 % b) + a * b - q == q || 1 / (a - b) + a < b + q + a; }
    effect { wide = q / b + a + b; emit Pair { left: a / b + b, right: b - a + q }; }
  }
  intent keyed(a: Int, b: Int, c: Int) {
    effect {
      rows[a][b] = 1; rows[a][c] = 2; rows[b][c] = rows[a][b] + rows[a][c]; rows[a + 0][b] += 3;
      rows[a / b][c * b] += rows[1][2]; delete rows[b][c];
    }
  }
  intent many(a: Int, to: Account, from: Account) {
    effect {
      rows[1][a] = 1; rows[2][a] = 2; rows[3][a] = 3; rows[4][a] = 4; rows[5][a] = 5; rows[a][1] += 6;
      rows[a][2] += 7; rows[a][3] += 8; rows[a][4] += 9; rows[a][a] += 10; rows[6][a] += rows[a][a];
      to.balance += 1; from.balance -= 1; to.balance = from.balance;
    }
  }
  intent crowd(a: Int) {
    effect {
      rows[1][a] = 1; rows[2][a] = 2; rows[3][a] = 3; rows[4][a] = 4; rows[5][a] = 5; rows[6][a] = 6;
      rows[7][a] = 7; rows[8][a] = 8; rows[9][a] = 9; rows[10][a] = 10; rows[11][a] = 11;
      rows[1][a + 0] += 1; rows[10][a + 0] += rows[9][a + 0]; rows[12][a] = rows[11][a + 0];
    }
  }
  intent parts(a: Int, b: Int) {
    let p = Pair { left: a * b * a, right: b };
    effect {
      last.left = p.left; pairs[a] = p; pairs[p.right].right = pairs[a].right - b; last = pairs[b];
      wide = a * a * a * a * b / (b * b * a * a) + abs(a - b * b * b * b * b * b * b * b);
    }
  }
}`;

/** Calls of an intent, some with a wrong argument, with few units, or by new keys. */
function someCalls(contract: TypedContract, intent: TypedIntent): fc.Arbitrary<ContractCall> {
  return fc
    .record({
      call: callsOf(contract, intent).map((concrete) => concrete.call),
      wrong: fc.option(fc.constantFrom<FieldValue>(-1n, 1n << 127n, true, "0a"), { freq: 8 }),
      at: fc.nat({ max: 15 }),
      isExtra: fc.nat({ max: 20 }).map((one) => one === 0),
      isNewKey: fc.boolean(),
    })
    .map(({ call, wrong, at, isExtra, isNewKey }) => {
      const args = new Map(call.arguments);
      const name = intent.parameters[at]?.name;
      if (wrong !== null && name !== undefined) args.set(name, wrong);
      if (isExtra) args.set("extra", 1n);
      return { ...call, arguments: args, isNewKey: () => isNewKey };
    });
}

/** Changes that are not among the places that the intent can store. */
function strayChanges(changes: ContractChanges, writes: CallWrites): readonly unknown[] {
  return [
    ...changes.holdings.filter(({ asset }) => !writes.holdings.has(asset?.name ?? "")),
    ...changes.supplies.filter(({ asset }) => !writes.supplies.has(asset.name)),
    ...changes.vaults.filter(({ asset }) => !writes.vaults.has(asset?.name ?? "")),
    ...changes.scalars.filter(({ name }) => !writes.scalars.has(name)),
    ...changes.cells.filter(({ map }) => !writes.maps.has(map)),
  ];
}

/** Runs calls both ways, whole and with every limit below what they take. */
function compare(contract: TypedContract, seed: number, runs: number): number {
  let applied = 0;
  for (const intent of contract.intents) {
    const bound = callUnitsBound(contract, intent);
    const writes = writesOfCall(intent);
    for (const call of fc.sample(someCalls(contract, intent), { numRuns: runs, seed })) {
      const result = runCall(contract, intent, call);

      expect(result).toEqual(runOnTree(contract, intent, call));
      expect(result.units).toBeLessThanOrEqual(bound);
      if (result.type === "applied") {
        applied += 1;

        expect(strayChanges(result.changes, writes)).toEqual([]);
      }
      const step = Math.max(1, Math.floor(result.units / 12));
      for (let unitsMax = result.units + 1; unitsMax >= 0; unitsMax -= step) {
        const limited = { ...call, unitsMax };

        expect(runCall(contract, intent, limited)).toEqual(runOnTree(contract, intent, limited));
      }
    }
  }
  return applied;
}

test("a compiled run ends like a run on the tree, under every limit, within its bound", () => {
  let applied = 0;
  fc.assert(
    fc.property(contracts.map(sourceOfContract), fc.integer(), (source, seed) => {
      applied += compare(contractOf(source), seed, 10);
    }),
    { numRuns: Number(process.env["AETHEL_RUNS"] ?? 60) },
  );

  expect(applied).toBeGreaterThan(0);
});

test.each([["stopping", STOPPING] as const, ...WRITTEN, ...LIBRARY])(
  "runs of a written contract end alike: %s",
  (_name, source) => {
    compare(contractOf(source), 7, 60);
  },
);

test("an expression as deep as the language permits runs compiled", () => {
  const depth = LANGUAGE_LIMITS.depth - 1;
  const deep = (levels: number): string => `contract deep {
    state { x: Int; }
    intent change(a: Int) { effect { x = ${"abs(".repeat(levels)}a${")".repeat(levels)}; } }
  }`;

  expect(compare(contractOf(deep(depth)), 7, 20)).toBeGreaterThan(0);
  expect(() => contractOf(deep(depth + 1))).toThrow("levels");
});
