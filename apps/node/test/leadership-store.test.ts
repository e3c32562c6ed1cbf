import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emptyTree } from "@aethel/merkle";
import {
  blockDigest,
  type FinalizedBlock,
  ledgerHeader,
  sha256,
  toSequence,
  withLedgerHeader,
} from "@aethel/models";
import { finalizedBlocks } from "@aethel/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutOf } from "../src/files/layout.ts";
import { createLedgerStore } from "../src/storage/ledger-store.ts";
import { openDatabase } from "../src/storage/open-database.ts";

const [sample] = fc.sample(finalizedBlocks({ proofsMax: 1, evidenceMax: 0 }), 1);

/** A block at a sequence that leaves the state as it is. */
function blockAt(version: number, leadership: Uint8Array): FinalizedBlock {
  if (sample === undefined) throw new Error("no sample");
  const { block, certificate } = sample;
  const sequence = toSequence(version);
  const about = { ...block.header, sequence, leadership: sha256(leadership) };
  const header = withLedgerHeader(about, { stateRootAfter: emptyTree.root });
  const digest = blockDigest(header);
  return { block: { ...block, header }, certificate: { ...certificate, sequence, digest } };
}

test("the record of leaders after the last block is in the database, and no other, and the header of each block", async () => {
  const directory = await mkdtemp(join(tmpdir(), "aethel-leadership-"));
  const layout = layoutOf(directory);
  const records = [1, 2, 3].map((version) => new Uint8Array(6 + 26 * version).fill(version));
  try {
    for (const [at, leadership] of records.entries()) {
      const finalized = blockAt(at + 1, leadership);
      const { header } = finalized.block;
      const root = await openDatabase(layout);
      const about = { header, finalized, leadership, receipts: [], changes: [] };
      await createLedgerStore(root, layout).write({
        ...about,
        version: header.sequence,
        root: ledgerHeader(header).stateRootAfter,
      });
      await root.close();

      const again = await openDatabase(layout);
      const store = createLedgerStore(again, layout);
      const head = await store.load();
      expect(head?.header.leadership).toEqual(sha256(leadership));
      expect(head?.leadership).toEqual(leadership);
      expect(await store.header(header.sequence)).toEqual(header);
      expect(await store.header(toSequence(header.sequence + 1))).toBeUndefined();
      expect(await store.header(toSequence(0))).toBeUndefined();
      await again.close();
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
