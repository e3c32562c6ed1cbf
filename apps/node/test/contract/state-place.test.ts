import { cellCoding, Holding, scalarsCoding, stateKey } from "@aethel/ledger";
import { NATIVE_ASSET, toAmount, toHex } from "@aethel/models";
import { compileContract, defaultOf } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { valueJson } from "../../src/api/contract-value.ts";
import {
  entryOf,
  placeText,
  readPlace,
  type StatePlace,
  valueAt,
} from "../../src/contract/state-place.ts";

const compiled = compileContract(`
contract shop {
  asset GOLD issuer "${"5a".repeat(32)}";
  asset SHARE issuer self;
  state {
    next: Int = 1;
    open: Bool = true;
    stock: map[Int] Amount;
    votes: map[Int][Account] Bool;
  }
  intent add(id: Int) { effect { stock[id] = 1; next += 1; } }
}`);
if (compiled.type !== "contract") throw new Error("it compiles");
const { contract } = compiled;
const bob = "0b".repeat(32);
const context = {
  accounts: async (text: string) => (text === "bob" ? bob : undefined),
  now: 100n,
};
const read = (...words: readonly string[]): Promise<StatePlace> =>
  readPlace(contract, words, context);

describe("a place of a contract's state in words", () => {
  test.each([
    [["next"], "next"],
    [["open"], "open"],
    [["vault"], "vault.balance"],
    [["vault", "GOLD"], "vault.balance[GOLD]"],
    [["stock", "-7"], "stock[-7]"],
    [["votes", "3", "bob"], `votes[3][${bob}]`],
  ])("%j is the one that the language writes as %s", async (words, text) => {
    expect(placeText(contract, await read(...words))).toBe(text);
  });

  test.each([
    [["next", "1"], /is a scalar and has no keys/],
    [["nxt"], /did you mean `next`/],
    [["vault", "COIN"], /declares no asset `COIN`.*GOLD, SHARE/],
    [["vault", "GOLD", "1"], /`1` is too much/],
    [["stock"], /named by one key/],
    [["votes", "1"], /named by two keys: Int, Account/],
    [["votes", "1", "bob", "2"], /named by two keys: Int, Account/],
    [["votes", "1", "eve"], /the key `eve` names no account/],
  ])("%j is refused", async (words, message) => {
    await expect(read(...words)).rejects.toThrow(message);
  });

  test("is an entry of the state, by the kind and the name of what is stored", async () => {
    const { digest } = contract;
    const [gold, share] = contract.assets.map(({ id }) => id);
    const keyOf = async (...words: readonly string[]): Promise<string> =>
      toHex(entryOf(contract, await read(...words)));
    const vaults = [NATIVE_ASSET, gold ?? NATIVE_ASSET, share ?? NATIVE_ASSET];
    const found = [["vault"], ["vault", "GOLD"], ["vault", "SHARE"]].map((words) =>
      keyOf(...words),
    );

    expect(await Promise.all(found)).toEqual(vaults.map((id) => toHex(stateKey.vault(digest, id))));
    expect(await keyOf("next")).toBe(toHex(stateKey.scalars(digest)));
    expect(await keyOf("open")).toBe(toHex(stateKey.scalars(digest)));
    const cells = await Promise.all([
      keyOf("stock", "1"),
      keyOf("stock", "2"),
      keyOf("votes", "1", "bob"),
    ]);
    expect(new Set(cells).size).toBe(3);
  });

  test("has the value that the ledger stored there", async () => {
    const [next, open] = [await read("next"), await read("open")];
    const scalars = scalarsCoding(contract).encode([41n, false]);
    const at = (place: StatePlace, bytes: Uint8Array | undefined): unknown =>
      valueAt(contract, place, bytes);

    expect(at(next, scalars)).toEqual(valueJson(41n, { kind: "int" }));
    expect(at(open, scalars)).toEqual(valueJson(false, { kind: "bool" }));
    const held = Holding.encode({ amount: toAmount(9n) });
    expect(at(await read("vault", "SHARE"), held)).toEqual(valueJson(9n, { kind: "amount" }));
    const stock = await read("stock", "1");
    if (stock.type !== "cell") throw new Error("it is a cell");
    expect(at(stock, cellCoding(stock.map).encode(5n))).toEqual(valueJson(5n, { kind: "amount" }));
  });

  test("is the default of its type for a cell that is absent, and nothing else may be absent", async () => {
    const vote = await read("votes", "1", "bob");
    const bool = { kind: "bool" } as const;
    expect(valueAt(contract, vote, undefined)).toEqual(valueJson(defaultOf(bool), bool));
    for (const words of [["next"], ["vault"], ["vault", "GOLD"]]) {
      const place = await read(...words);
      expect(() => valueAt(contract, place, undefined)).toThrow(/has no/);
    }
  });
});
