import fc from "fast-check";
import type { CompiledIntent } from "../../src/intent/compiled/compile.ts";
import { argumentKey, fieldKey, supplyKey } from "../../src/intent/encoder/observed.ts";
import type { TermValue } from "../../src/term.ts";
import type { SymbolValue } from "./evaluate-term.ts";

/** Arguments and state that obey the ledger's invariants, with edges of the range made likely. */
export interface RandomWorld {
  readonly accounts: Readonly<Record<string, bigint>>;
  readonly arguments: Readonly<Record<string, TermValue>>;
  readonly sequence: bigint;
  readonly balance: ReadonlyMap<bigint, bigint>;
  readonly stake: ReadonlyMap<bigint, bigint>;
  /** Holdings of the declared asset. */
  readonly gold: ReadonlyMap<bigint, bigint>;
  readonly supply: bigint;
}

const max = (1n << 64n) - 1n;
const amounts = fc.oneof(
  { arbitrary: fc.nat({ max: 4 }).map(BigInt), weight: 6 },
  { arbitrary: fc.constantFrom(max, max - 1n, 1n << 63n), weight: 2 },
  { arbitrary: fc.bigInt({ min: 0n, max }), weight: 1 },
);
const integers = fc.oneof(
  { arbitrary: fc.integer({ min: -5, max: 5 }).map(BigInt), weight: 5 },
  { arbitrary: fc.constantFrom((1n << 127n) - 1n, -((1n << 127n) - 1n)), weight: 1 },
);

/** Every alias partition of four accounts is among these. */
export const worlds: fc.Arbitrary<RandomWorld> = fc
  .record({
    keys: fc.array(fc.nat({ max: 3 }).map(BigInt), { minLength: 4, maxLength: 4 }),
    m: amounts,
    n: amounts,
    i: integers,
    j: integers,
    p: fc.boolean(),
    sequence: fc.oneof(fc.nat({ max: 5 }).map(BigInt), fc.constant((1n << 53n) - 1n)),
    holdings: fc.array(amounts, { minLength: 8, maxLength: 8 }),
    hoards: fc.array(amounts, { minLength: 4, maxLength: 4 }),
    others: amounts,
    fill: fc.boolean(),
  })
  .map(({ keys, m, n, i, j, p, sequence, holdings, hoards, others, fill }) => {
    const { granted, left } = grant(holdings);
    const ofGold = grant([...hoards, others]).granted;
    // Half of the worlds use the whole supply, where sums are at their edge.
    const last = fill ? (granted.at(-1) ?? 0n) + left : (granted.at(-1) ?? 0n);
    const held = [...granted.slice(0, -1), last];
    const slots = [0n, 1n, 2n, 3n];
    return {
      accounts: Object.fromEntries(["a", "b", "c", "d"].map((text, at) => [text, keys[at] ?? 0n])),
      arguments: { m, n, i, j, p },
      sequence,
      balance: new Map(slots.map((key, at) => [key, held[at * 2] ?? 0n])),
      stake: new Map(slots.map((key, at) => [key, held[at * 2 + 1] ?? 0n])),
      gold: new Map(slots.map((key, at) => [key, ofGold[at] ?? 0n])),
      supply: ofGold.reduce((sum, value) => sum + value, 0n),
    };
  });

/** As much of each wish as a supply of 2^64-1 allows, and what is left of it. */
function grant(wishes: readonly bigint[]): {
  readonly granted: readonly bigint[];
  readonly left: bigint;
} {
  let left = max;
  const granted = wishes.map((wanted) => {
    const held = wanted < left ? wanted : left;
    left -= held;
    return held;
  });
  return { granted, left };
}

/** Values that a solver's model would have for this world. */
export function valuationOf(
  intent: CompiledIntent,
  world: RandomWorld,
): ReadonlyMap<string, TermValue> {
  const valuation = new Map<string, TermValue>([
    ["sequence", world.sequence],
    [supplyKey("GOLD"), world.supply],
  ]);
  for (const { name } of intent.parameters) {
    const account = world.accounts[name];
    const value = account ?? world.arguments[name];
    if (value !== undefined) valuation.set(argumentKey(name), value);
    if (account === undefined) continue;
    valuation.set(fieldKey(name, "balance"), world.balance.get(account) ?? 0n);
    valuation.set(fieldKey(name, "stake"), world.stake.get(account) ?? 0n);
    valuation.set(fieldKey(name, "balance[GOLD]"), world.gold.get(account) ?? 0n);
  }
  return valuation;
}

/** The values of the free symbols of an intent's obligations; defined ones follow from these. */
export function symbolsOf(world: RandomWorld): Map<string, SymbolValue> {
  return new Map<string, SymbolValue>([
    ...Object.entries(world.accounts),
    ...Object.entries(world.arguments),
    [".sequence", world.sequence],
    [".balance", world.balance],
    [".stake", world.stake],
    [".balance[GOLD]", world.gold],
    [".supply[GOLD]", world.supply],
  ]);
}
