import {
  createSigner,
  NATIVE_ASSET,
  toAccountId,
  toAmount,
  toDigest,
  toHex,
  toNonce,
  toResource,
  toSequence,
} from "@aethel/models";
import { compileContract, contractIntentDigest } from "@aethel/verifier";
import { describe, expect, test } from "vitest";
import { isOwnMachine } from "../../src/commands/consent.ts";
import { checkFeeLimit } from "../../src/commands/fee-bound.ts";
import { describeAgreement } from "../../src/contract/agreement.ts";
import { describeForeign } from "../../src/contract/describe-calls.ts";
import type { Transaction } from "../../src/contract/draft.ts";

const source =
  "contract poll { state { n: Amount = 0; } intent vote() { guard { n < 100; } effect { n += 1; } } }";
const compiled = compileContract(source);
if (compiled.type !== "contract") throw new Error("the source compiles");
const { digest, canonical } = compiled.contract;
const hex = toHex(digest);
const [author, cosigner] = [1, 2].map((fill) =>
  toAccountId(createSigner(new Uint8Array(32).fill(fill)).publicKey),
);
if (author === undefined || cosigner === undefined) throw new Error("two were made");

/** Client of a node with the contract, and with others of the same name. */
const clientWith = (...others: readonly string[]) => {
  const detail = { digest: hex, text: canonical, name: "poll" };
  const all = [detail, ...others.map((one) => ({ ...detail, digest: one }))];
  const client: unknown = {
    url: "http://127.0.0.1",
    contract: async () => detail,
    contracts: async () => all,
    intents: async () => [],
  };
  return client as Parameters<typeof describeForeign>[0];
};

const body: Transaction = {
  type: "invoke",
  author,
  nonce: toNonce(0),
  resourceLimit: toResource(1_000),
  feeLimit: toAmount(1_000n),
  expiry: toSequence(1_000),
  cosigners: [{ account: cosigner, nonce: toNonce(0) }],
  calls: [{ intent: contractIntentDigest(digest, "vote"), arguments: [] }],
};
const hints = [{ contract: hex, intent: "vote" }];

async function shown(given: Transaction, ...others: readonly string[]): Promise<string> {
  const { lines, assets } = await describeForeign(clientWith(...others), given, hints);
  const facts = { content: lines, assets, run: "no node", head: 900 };
  return describeAgreement(given, facts).join("\n");
}

describe("what signers agree to", () => {
  test("names the whole digest, everybody who signs, and all limits", async () => {
    const spending = [{ signer: 1, asset: NATIVE_ASSET, amount: toAmount(5_000_000n) }];
    expect(await shown({ ...body, spending })).toBe(
      [
        "calls      poll.vote",
        `           contract poll ${hex}`,
        "no run     no node",
        `author     ${toHex(author)}, who signs`,
        `cosigner   ${toHex(cosigner)}`,
        "pays       the author at most 0.001 tokens (the fee limit), with tip and deposits",
        "losses     none for the author",
        `losses     at most: ${toHex(cosigner)} 5 tokens`,
        "expires    after block 1000, 100 blocks from now",
      ].join("\n"),
    );
  });

  test("says so for each signer if nothing limits its losses", async () => {
    const said = await shown(body);
    expect(said.match(/NO LIMIT: .* may lose ANYTHING/g)).toHaveLength(2);
  });

  test("differs for each field that a file can bend", async () => {
    const vast = [{ signer: 0, asset: NATIVE_ASSET, amount: toAmount(2n ** 64n - 1n) }];
    const texts = await Promise.all(
      [
        body,
        { ...body, spending: [] },
        { ...body, spending: vast },
        { ...body, feeLimit: toAmount(900_000_000_000n) },
        { ...body, tip: toAmount(10n ** 14n) },
        { ...body, expiry: toSequence(2_000) },
        { ...body, cosigners: [] },
        { ...body, calls: [{ intent: toDigest(new Uint8Array(32)), arguments: [] }] },
      ].map((one) => shown(one)),
    );
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts[2]).toContain("NO LIMIT");
    expect(texts[7]).not.toContain("poll");
  });

  test("warns of other contracts with the name", async () => {
    const twin = `${hex.slice(0, 8)}${"0".repeat(56)}`;
    expect(await shown(body)).not.toContain("WARNING");
    expect(await shown(body, twin)).toMatch(/^WARNING {4}1 other published contract has the name/m);
  });
});

describe("fee limits", () => {
  const dear = { ...body, feeLimit: toAmount(900_000_000_000n) };

  test("that nobody stated are bounded, whatever tip a file has", () => {
    const tip = toAmount(10n ** 14n);
    expect(() => checkFeeLimit(body, {})).not.toThrow();
    expect(() => checkFeeLimit(dear, {})).toThrow();
    expect(() => checkFeeLimit({ ...dear, tip }, {}, "others-tip")).toThrow();
    expect(() => checkFeeLimit({ ...dear, tip }, {}, "own-tip")).not.toThrow();
  });

  test("may be as high as the author says", () => {
    expect(() => checkFeeLimit(dear, { fee: dear.feeLimit })).not.toThrow();
    expect(() => checkFeeLimit(dear, { maxFee: dear.feeLimit })).not.toThrow();
    expect(() => checkFeeLimit(body, { fee: 1_000n, maxFee: 999n })).toThrow();
  });
});

test.each([
  ["http://127.0.0.1:4600", true],
  ["http://[::1]:4600", true],
  ["http://localhost:4600", true],
  ["http://127.0.0.1.example.org", false],
  ["http://10.0.0.1:4600", false],
])("the host of %s is on this machine: %s", (url, isOwn) => {
  expect(isOwnMachine(url)).toBe(isOwn);
});
