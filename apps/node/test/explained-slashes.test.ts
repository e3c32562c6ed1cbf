import { toAccountId, toAmount, toSequence } from "@aethel/models";
import { expect, test } from "vitest";
import { explainSlashes } from "../src/http/slashes.ts";

test("slashes are explained from one block after the other, and each block is read once", async () => {
  const read: number[] = [];
  let [open, most] = [0, 0];
  const ledger = {
    finalized: async (sequence: number) => {
      open += 1;
      most = Math.max(most, open);
      read.push(sequence);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return undefined;
    },
  };
  const records = [7, 7, 9, 9, 8, 7].map((sequence, at) => ({
    sequence: toSequence(sequence),
    validator: toAccountId(new Uint8Array(32).fill(at)),
    amount: toAmount(1n),
    stake: toAmount(2n),
  }));

  const slashes = await explainSlashes(ledger, records as never);

  expect(slashes.map(({ sequence }) => sequence)).toEqual([7, 7, 9, 9, 8, 7]);
  expect(read).toEqual([7, 9, 8]);
  expect(most).toBe(1);
});
