import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compileContract, encodeStored, messagesOf } from "../../src/index.ts";

const source = (name: string): string =>
  readFileSync(new URL(`../../library/contracts/${name}.ae`, import.meta.url), "utf8");

describe("records that accounts sign", () => {
  test("a payment channel checks signatures of receipts alone", () => {
    const compiled = compileContract(source("payment-channel"));
    const [receipt, ...more] = compiled.type === "contract" ? messagesOf(compiled.contract) : [];

    expect(more).toEqual([]);
    expect(receipt?.fields.map(({ name }) => name)).toEqual(["channel", "earned"]);
    expect(receipt && encodeStored([7n, 5n], receipt)).toHaveLength(16 + 8);
  });

  test("an escrow checks none", () => {
    const compiled = compileContract(source("escrow"));

    expect(compiled.type === "contract" && messagesOf(compiled.contract)).toEqual([]);
  });
});
