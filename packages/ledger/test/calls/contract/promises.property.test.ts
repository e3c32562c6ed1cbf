import type { ContractChanges } from "@aethel/verifier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findImbalance } from "../../../src/calls/contract/conservation.ts";
import { findBrokenPromise } from "../../../src/calls/contract/promises.ts";
import { compiled, intentOf, KEEPER } from "../../fixtures/contracts.ts";

const keeper = compiled(KEEPER);
const intent = intentOf(keeper, "pay");
const accounts = ["01", "02", "03"].map((digits) => digits.repeat(32));
const assets = [undefined, ...keeper.assets];
const amount = fc.bigInt({ min: 0n, max: 3n });
const sides = { before: amount, after: amount };

/** Changes of some places, each at most once. Nothing else about them needs to be legal. */
const someChanges: fc.Arbitrary<ContractChanges> = fc.record({
  holdings: fc.uniqueArray(
    fc.record({
      account: fc.constantFrom(...accounts),
      asset: fc.constantFrom(...assets),
      ...sides,
    }),
    { selector: ({ account, asset }) => `${account} ${asset?.name}` },
  ),
  vaults: fc.uniqueArray(fc.record({ asset: fc.constantFrom(...assets), ...sides }), {
    selector: ({ asset }) => asset?.name,
  }),
  supplies: fc.uniqueArray(fc.record({ asset: fc.constantFrom(...keeper.assets), ...sides }), {
    selector: ({ asset }) => asset.name,
  }),
  scalars: fc.constant([]),
  cells: fc.uniqueArray(
    fc.record({
      map: fc.constantFrom("owed", "kept", "gold", "shares", "debts"),
      keys: fc.tuple(fc.constantFrom(...accounts)),
      ...sides,
    }),
    { selector: ({ map, keys: [account] }) => `${map} ${account}`, maxLength: 6 },
  ),
  events: fc.constant([]),
});

const risen = (changes: readonly { readonly before: bigint; readonly after: bigint }[]): bigint =>
  changes.reduce((sum, { before, after }) => sum + after - before, 0n);

/** Whether the cells of an account change as the maps of `keeper` promise. */
function isKept(account: string, { cells, holdings }: ContractChanges): boolean {
  const rise = (...maps: readonly string[]): bigint =>
    risen(
      cells.flatMap(({ map, keys: [owner], before, after }) => {
        const isIt = owner === account && maps.includes(map);
        return isIt && typeof before === "bigint" && typeof after === "bigint"
          ? [{ before, after }]
          : [];
      }),
    );
  const paid = (name: string | undefined): bigint =>
    risen(holdings.filter((one) => one.account === account && one.asset?.name === name));
  const isTouched = (...maps: readonly string[]): boolean =>
    cells.some(({ map, keys: [owner] }) => owner === account && maps.includes(map));
  return (
    rise("debts") <= 0n &&
    rise("shares") >= 0n &&
    (!isTouched("owed", "kept") || rise("owed", "kept") + paid(undefined) >= 0n) &&
    (!isTouched("gold") || rise("gold") + paid("GOLD") >= 0n)
  );
}

describe("changes of a contract's call", () => {
  test("are refused exactly if an account that did not sign loses what is promised to it", () => {
    const seen = { kept: 0, broken: 0 };
    fc.assert(
      fc.property(someChanges, fc.subarray(accounts), (changes, signers) => {
        const signed = new Set(signers);
        const others = accounts.filter((account) => !signed.has(account));
        const kept = others.every((account) => isKept(account, changes));
        const found = findBrokenPromise({ contract: keeper, intent, changes, signed });

        expect(found?.code).toBe(kept ? undefined : "claims");
        seen[kept ? "kept" : "broken"] += 1;
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 1_000, seed: 1 },
    );
    expect(Math.min(seen.kept, seen.broken)).toBeGreaterThan(100);
  });

  test("are refused exactly if one asset is held more or less than its supply grows", () => {
    fc.assert(
      fc.property(someChanges, fc.boolean(), (changes, isAsFound) => {
        const surplusOf = (name: string | undefined): bigint => {
          const isOf = (one: { readonly asset: { readonly name: string } | undefined }): boolean =>
            one.asset?.name === name;
          const { holdings, vaults, supplies } = changes;
          const held = risen(holdings.filter(isOf)) + risen(vaults.filter(isOf));
          return held - risen(supplies.filter(isOf));
        };
        // Half of the runs balance each asset in an account of its own.
        const balance = assets.map((asset) => {
          const surplus = surplusOf(asset?.name);
          const account = "09".repeat(32);
          return { account, asset, before: 100n, after: 100n - surplus };
        });
        const holdings = isAsFound ? changes.holdings : [...changes.holdings, ...balance];
        const isBalanced = !isAsFound || assets.every((asset) => surplusOf(asset?.name) === 0n);
        const found = findImbalance({ changes: { ...changes, holdings } });

        expect(found?.code).toBe(isBalanced ? undefined : "conservation");
      }),
      { numRuns: 500 },
    );
    // What one asset gains does not make up for what another loses.
    const [first, second] = keeper.assets;
    const holdings = [first, second].map((asset, at) => ({
      account: "01".repeat(32),
      asset,
      before: 1n,
      after: at === 0 ? 0n : 2n,
    }));
    const none = { vaults: [], supplies: [], scalars: [], cells: [], events: [] };
    expect(findImbalance({ changes: { ...none, holdings } })?.code).toBe("conservation");
  });
});
