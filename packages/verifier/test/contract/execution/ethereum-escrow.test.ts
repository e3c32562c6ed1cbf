import { expect, test } from "vitest";
import { assemble, createEthereumEscrow, RELEASE } from "../../../bench/ethereum-escrow.ts";

test("the code of the release begins at the deal's place, and all checks fail in one place", () => {
  const code = assemble(RELEASE);
  const hex = Buffer.from(code).toString("hex");

  // Place of deals[id]: keccak256(id . 0).
  expect(hex).toMatch(/^6000356000526000602052604060002080/);
  // The failing end is a jump destination, which all three checks name.
  const fail = code.length - 6;
  expect(hex.slice(2 * fail)).toBe("5b60006000fd");
  expect(hex.split(`1561${fail.toString(16).padStart(4, "0")}57`)).toHaveLength(4);
});

const KINDS = ["caches", "maps"] as const;

test.each(KINDS)("a payer releases a deal once, and its payee is paid: %s", async (kind) => {
  const escrow = await createEthereumEscrow(3, kind);
  const [payer, payee] = [escrow.payerOf(1), escrow.payeeOf(1)];

  expect(await escrow.release(1, payee)).toBe(false);
  expect(await escrow.balanceOf(payee)).toBe(1_000n);
  expect(await escrow.release(1, payer)).toBe(true);
  expect(await escrow.balanceOf(payee)).toBe(1_100n);
  expect(await escrow.release(1, payer)).toBe(false);
  expect(await escrow.release(7, payer)).toBe(false);
  expect(await escrow.release(2)).toBe(true);
});

test.each(KINDS)("undone work leaves the deals open: %s", async (kind) => {
  const escrow = await createEthereumEscrow(2, kind);
  for (const _ of [1, 2]) {
    await escrow.undone(async () => {
      expect(await escrow.release(0)).toBe(true);
      expect(await escrow.release(0)).toBe(false);
    });
  }

  expect(await escrow.balanceOf(escrow.payeeOf(0))).toBe(1_000n);
});
