import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { toHex } from "@aethel/models";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccountNames } from "../../src/contract/account-names.ts";
import { type CallParameter, readArguments } from "../../src/contract/arguments.ts";
import { type ReadValue, readValue } from "../../src/contract/read-value.ts";
import { wireArgument } from "../../src/contract/wire-argument.ts";
import { NodeError } from "../../src/failure/failure.ts";
import { createKeyFile } from "../../src/keys/key-file.ts";
import { LOCALNET_COST } from "../../src/keys/sealed-key.ts";

let folder = "";
let bob = "";
const author = "aa".repeat(32);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "aethel-arguments-"));
  const file = path.join(folder, "bob.json");
  const made = { file, purpose: "account", password: "p", log2N: LOCALNET_COST } as const;
  bob = toHex(await createKeyFile(made));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const now = 1_800_000_000n;
const context = () => ({ author, now, accounts: createAccountNames({ author, folder }) });
const colour = { kind: "enum", name: "Colour", words: ["red", "green"] } as const;
const read = async (text: string, type: Parameters<typeof readValue>[1]): Promise<ReadValue> =>
  await readValue(text, type, context());

function parameter(name: string, more: Partial<CallParameter> = {}): CallParameter {
  return { name, type: { kind: "int" }, isSigner: false, isOptional: false, ...more };
}

describe("a value", () => {
  test.each([
    ["5000000", "amount", 5_000_000n],
    ["5_000", "amount", 5_000n],
    ["5tokens", "amount", 5_000_000n],
    ["1 token", "amount", 1_000_000n],
    ["0.25 tokens", "amount", 250_000n],
    ["10micro-tokens", "amount", 10n],
    ["-7", "int", -7n],
    ["now", "int", now],
    ["now+90s", "int", now + 90n],
    ["now + 2 min", "int", now + 120n],
    ["now-7d", "int", now - 604_800n],
    ["2027-01-15T08:00:00Z", "int", now],
    ["true", "bool", true],
    ["no", "bool", false],
    [`0x${"AB".repeat(32)}`, "digest", "ab".repeat(32)],
    ["cd".repeat(64), "signature", "cd".repeat(64)],
    ["none", "account", "0".repeat(64)],
    ["me", "account", author],
  ] as const)("%j of type %s is read", async (text, kind, value) => {
    expect(await read(text, { kind })).toEqual({ ok: true, value });
  });

  test("that is an account is found by hex, by the path of a key file, and by its name beside it", async () => {
    for (const text of [bob, bob.toUpperCase(), path.join(folder, "bob.json"), "bob"]) {
      expect(await read(text, { kind: "account" })).toEqual({ ok: true, value: bob });
    }
    expect(await read("rob", { kind: "account" })).toMatchObject({ ok: false });
    expect(await read("../bob", { kind: "account" }).catch(() => "refused")).toBe("refused");
  });

  test("that is a word of an enumeration is its index, and a similar word is suggested", async () => {
    expect(await read("green", colour)).toEqual({ ok: true, value: 1n });
    expect(await read("gren", colour)).toEqual({
      ok: false,
      reason: "is none of red, green; did you mean `green`?",
    });
  });

  test.each([
    ["18446744073709551616", "amount"],
    ["-1", "amount"],
    ["0.5", "amount"],
    ["0.5 micro-tokens", "amount"],
    ["0.0000001 tokens", "amount"],
    ["5 shares", "amount"],
    [String(2n ** 127n), "int"],
    ["7.0", "int"],
    ["now+7", "int"],
    ["now+1constructor", "int"],
    ["2027-01-15", "int"],
    ["1", "bool"],
    ["ab", "digest"],
    ["ab".repeat(32), "signature"],
  ] as const)("%j is no %s", async (text, kind) => {
    expect(await read(text, { kind })).toMatchObject({ ok: false });
  });

  test("that is a number is what was written, for every number of the range", async () => {
    const ints = fc.bigInt({ min: -(2n ** 127n) + 1n, max: 2n ** 127n - 1n });
    await fc.assert(
      fc.asyncProperty(ints, async (value) => {
        expect(await read(String(value), { kind: "int" })).toEqual({ ok: true, value });
        const argument = wireArgument({ parameter: parameter("x"), value, isAssumed: false });
        const size = argument.type === "integer" ? argument.magnitude : -1n;
        expect(argument).toMatchObject({ negative: value < 0n });
        expect(value < 0n ? -size : size).toBe(value);
      }),
    );
  });
});

describe("the arguments of a call", () => {
  const parameters = [
    parameter("payer", { type: { kind: "account" }, isSigner: true }),
    parameter("payee", { type: { kind: "account" } }),
    parameter("amount", { type: { kind: "amount" } }),
  ];
  const given = (pairs: Readonly<Record<string, string>>) => ({
    target: "escrow.open",
    given: Object.entries(pairs).map(([name, text]) => ({ name, text })),
  });
  const fault = async (pairs: Readonly<Record<string, string>>): Promise<NodeError> => {
    try {
      await readArguments(given(pairs), parameters, context());
    } catch (error) {
      if (error instanceof NodeError) return error;
    }
    throw new Error("they were accepted");
  };

  test("are in the order of the parameters, whatever the order in which they are given", async () => {
    const pairs = { amount: "1token", payee: "bob", payer: author };
    const values = await readArguments(given(pairs), parameters, context());

    expect(values.map(({ value }) => value)).toEqual([author, bob, 1_000_000n]);
    expect(values.map(wireArgument).map(({ type }) => type)).toEqual([
      "account",
      "account",
      "amount",
    ]);
  });

  test("may lack that of the only signer, which is the author; of several none is assumed", async () => {
    const pairs = { amount: "1", payee: "bob" };
    const [payer] = await readArguments(given(pairs), parameters, context());

    expect(payer).toMatchObject({ value: author, isAssumed: true });
    const two = parameters.map((one) => ({ ...one, isSigner: one.type.kind === "account" }));
    await expect(readArguments(given({ amount: "1" }), two, context())).rejects.toMatchObject({
      details: ["missing: signer payer: Account", "missing: signer payee: Account"],
    });
  });

  test("are refused all at once: unknown ones with a suggestion, missing ones, wrong ones", async () => {
    const error = await fault({ payeee: "bob", amount: "much" });

    expect(error.fault.next).toBe(
      "it takes (signer payer: Account, payee: Account, amount: Amount)",
    );
    expect(error.details).toEqual([
      "there is no parameter `payeee`; did you mean `payee`?",
      "missing: payee: Account",
      "amount: `much` is no amount: write 5000000, 5tokens or 10micro-tokens",
    ]);
  });

  test("are `none` only where the parameter is optional", async () => {
    const error = await fault({ payee: "none", amount: "1" });
    expect(error.details).toEqual(["payee: is not optional, so it cannot be `none`"]);
    const optional = parameters.map((one) => ({ ...one, isOptional: true }));
    const pairs = { payee: "none", amount: "1" };
    const values = await readArguments(given(pairs), optional, context());
    expect(values[1]?.value).toBe("0".repeat(64));
  });
});
