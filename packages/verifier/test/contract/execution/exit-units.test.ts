import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { checkExitUnits } from "../../../src/contract/execution/exit-units.ts";
import { callUnitsBound } from "../../../src/contract/execution/run-call.ts";
import { contractOf } from "../oracle/judged-contract.ts";

const escrow = contractOf(
  readFileSync(new URL("../../../library/contracts/escrow.ae", import.meta.url), "utf8"),
);

/** Contract with one counted statement in the call of its exit. */
function bound(statement: string): number {
  const contract = contractOf(`contract one {
    record Pair { left: Int; right: Int; }
    state { cells: map[Int] Pair; total: Int = 0; other: Int = 0; word: Digest; }
    intent change(a: Int, b: Int) { guard { true; } effect { ${statement} } }
  }`);
  const [intent] = contract.intents;
  if (intent === undefined) throw new Error("the contract has an intent");
  return callUnitsBound(contract, intent);
}

test("the call of an exit fits, unless its bound is above the limit", () => {
  const refund = escrow.intents.find(({ name }) => name === "refund");
  if (refund === undefined) throw new Error("the escrow has a refund");
  const units = callUnitsBound(escrow, refund);

  expect(checkExitUnits(escrow)).toMatchObject([
    { label: "the call of `owed` fits into a transaction", problem: undefined },
  ]);
  expect(checkExitUnits(escrow, units)).toMatchObject([{ problem: undefined }]);
  expect(checkExitUnits(escrow, units - 1)).toMatchObject([
    {
      problem: `\`refund\` can take ${units} execution units; the call of an exit may take ${units - 1}`,
    },
  ]);
});

test("a bound counts each place once, and the longer branch of an `if`", () => {
  const store = bound("total = a;");

  // The node of `true` and of `a`, a read, a store and a write.
  expect(store).toBe(1 + 1 + 40 + 4 + 110);
  expect(bound("total = a; total = b;")).toBe(store + 1 + 4);
  expect(bound("total = a; other = b;")).toBe(store + 1 + 40 + 4 + 110);
  expect(bound("total = if a == b then a else b;")).toBe(store + 4);
  expect(bound("total = if a == b then a else b + a + a;")).toBe(store + 8);
  // Two keys that are not shown to be equal count as two places.
  expect(bound("cells[a].left = b; cells[a].right = b;")).toBe(1 + 2 * (2 + 4) + 40 + 110);
  expect(bound("cells[a].left = b; cells[a + 0].right = b;")).toBe(1 + 2 * 6 + 2 + 2 * 150);
  // Numbers of 508 bits have 8 words; dividing one by 4 words takes most.
  expect(bound("total = a * a * a * a / (b * b * b * b);")).toBe(store + 14 + 4);
  // A hash, and one piece of up to 64 bytes.
  expect(bound("word = sha256(a);")).toBe(store + 1 + 2 * 16);
});
