import {
  NATIVE_ASSET,
  type SpendingLimit,
  toAccountId,
  toAmount,
  toAssetId,
  toHex,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assetsNamed, type ComposedCall } from "../../src/contract/compose-calls.ts";
import { proposeSpending } from "../../src/contract/propose-spending.ts";
import {
  describeSpending,
  readSpending,
  requireLossesWithin,
} from "../../src/contract/spending.ts";

const account = (fill: number) => toAccountId(new Uint8Array(32).fill(fill));
const share = toAssetId(new Uint8Array(32).fill(7));
const context = {
  signers: [account(1), account(2)],
  assets: new Map([["SHARE", share]]),
  accounts: async (text: string) =>
    text === "bob" ? toHex(account(2)) : text === "eve" ? toHex(account(9)) : undefined,
};
const native = (amount: bigint, signer = 0): SpendingLimit => ({
  signer,
  asset: NATIVE_ASSET,
  amount: toAmount(amount),
});

describe("spending limits", () => {
  test("are the author's and of the native asset unless they say otherwise, sorted as they are signed", async () => {
    const limits = await readSpending(["bob:7@SHARE", "10tokens", "bob:3"], context);

    expect(limits).toEqual([
      native(10_000_000n),
      native(3n, 1),
      { signer: 1, asset: share, amount: 7n },
    ]);
    const told = describeSpending(limits, context);
    expect(told).toBe(
      `the author 10 tokens; ${toHex(account(2))} 0.000003 tokens; ${toHex(account(2))} 7 SHARE`,
    );
  });

  test("allow a run that takes no more than they say, and name every loss beyond them", () => {
    const losses = [native(5n), native(3n, 1)];
    expect(() => requireLossesWithin(losses, losses, context)).not.toThrow();

    const low = () => requireLossesWithin([native(4n)], losses, context);
    expect(low).toThrow(
      expect.objectContaining({
        fault: expect.objectContaining({ code: "REFUSED" }),
        details: [
          "lost in a run: the author 0.000005 tokens; allowed by --spend: the author 0.000004 tokens",
          `lost in a run: ${toHex(account(2))} 0.000003 tokens; allowed by --spend: nothing`,
        ],
      }),
    );
  });

  test("may be none at all", async () => {
    expect(await readSpending(["none"], context)).toEqual([]);
    expect(describeSpending([], context)).toBe("nothing");
  });

  test.each([
    ["much", /no limit/],
    ["1@GOLD", /no asset `GOLD`/],
    ["eve:1", /does not sign/],
    ["zoe:1", /does not sign/],
    ["18446744073709551616", /no limit/],
    ["1@SHARE@SHARE", /no limit/],
    ["none", /no limit/],
  ])("%j beside another is refused", async (text, message) => {
    await expect(readSpending(["5", text], context)).rejects.toThrow(message);
  });

  test("are none only if nothing else is given, in whatever order", async () => {
    await expect(readSpending(["none", "5"], context)).rejects.toThrow(/no limit/);
    await expect(readSpending([], context)).resolves.toEqual([]);
  });

  test("name an asset as the called contracts do, unless two of them mean different ones", () => {
    const assetOf = (name: string, fill: number): object => ({ name, id: account(fill) });
    const callOf = (...assets: readonly object[]): ComposedCall =>
      ({ values: [], contract: { typed: { assets } } }) as never;
    const calls = [
      callOf(assetOf("GOLD", 1), assetOf("SHARE", 2)),
      callOf(assetOf("GOLD", 1), assetOf("SHARE", 3)),
      { values: [], contract: undefined } as never,
    ];

    expect([...assetsNamed(calls)]).toEqual([["GOLD", account(1)]]);
    expect(assetsNamed([])).toEqual(new Map());
  });

  test("of one signer and asset are not given twice", async () => {
    await expect(readSpending(["5", "6"], context)).rejects.toThrow(/twice/);
  });

  test("are proposed exactly as a run lost, and nothing is proposed without a run", () => {
    const losses = fc.uniqueArray(
      fc.record({
        signer: fc.nat({ max: 1 }),
        asset: fc.constantFrom(toHex(NATIVE_ASSET), toHex(share)),
        amount: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }).map(String),
      }),
      { selector: ({ signer, asset }) => `${signer}${asset}` },
    );
    const charge = { charged: "1", burned: "0", tip: "0", deposit: "0" };
    const about = { outcome: "applied", units: 1, detail: "", ...charge };
    fc.assert(
      fc.property(losses, (lost) => {
        const limits = proposeSpending({ type: "run", ...about, losses: lost }, true) ?? [];
        const key = (one: { signer: number; asset: string; amount: string }): string =>
          `${one.signer} ${one.asset} ${one.amount}`;
        const found = limits.map(({ signer, asset, amount }) =>
          key({ signer, asset: toHex(asset), amount: String(amount) }),
        );

        expect(found.toSorted()).toEqual(lost.map(key).toSorted());
        const places = limits.map(({ signer, asset }) => `${signer} ${toHex(asset)}`);
        expect(places).toEqual(places.toSorted());
      }),
    );
    const refused = { type: "refused", code: "spending", message: "state limits" } as const;
    expect(proposeSpending(refused, true)).toBeUndefined();
    expect(() => proposeSpending({ type: "not-run", reason: "long" }, true)).toThrow(/did not run/);
    expect(proposeSpending({ type: "not-run", reason: "long" }, false)).toBeUndefined();
  });
});
