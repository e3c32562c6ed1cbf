import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { OffenceRecord, stateKey, ValidatorRecord } from "@aethel/ledger";
import { emptyTree, type Tree } from "@aethel/merkle";
import {
  type AccountId,
  Evidence,
  type FinalizedBlock,
  type StateChange,
  sha256,
  toAccountId,
  toAmount,
  toSequence,
  withLedgerHeader,
} from "@aethel/models";
import { finalizedBlocks } from "@aethel/testkit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutOf } from "../src/files/layout.ts";
import { createLedgerStore, type DiskStore } from "../src/storage/ledger-store.ts";
import { openDatabase } from "../src/storage/open-database.ts";
import type { SlashRecord } from "../src/storage/slash-record.ts";
import { slashedValidator } from "./slashed-validator.ts";

const BLOCKS = 24;
const names = [1, 2, 3].map((byte) => toAccountId(new Uint8Array(32).fill(byte)));
const samples = fc.sample(finalizedBlocks({ proofsMax: 0, evidenceMax: 2 }), {
  seed: 5,
  numRuns: BLOCKS,
});

test("slashes of a validator, the last ones and those of a piece of evidence come from indexes", async () => {
  const directory = await mkdtemp(path.join(tmpdir(), "aethel-slashes-"));
  const layout = layoutOf(directory);
  try {
    const database = await openDatabase(layout);
    const store = createLedgerStore(database, layout);
    const blocks = await fill(store);
    const all = await store.slashes({ from: 0, to: BLOCKS, limit: 1_000 });
    expect(all.length).toBeGreaterThan(BLOCKS);

    for (const count of [1, 2, 7, 1_000]) {
      expect(await store.slashes({ last: count })).toEqual(all.slice(-count));
      for (const of of names) {
        const own = all.filter(({ validator }) => isSame(validator, of));
        expect(await store.slashes({ of, limit: count })).toEqual(own.slice(-count));
      }
    }
    let pieces = 0;
    for (const { block } of blocks) {
      for (const item of block.evidence) {
        pieces += 1;
        const found = await store.slashes({ byEvidence: Evidence.digest(item).slice() });
        // The samples are made apart, so that no piece is in two blocks.
        expect(found.every(({ sequence }) => sequence === block.header.sequence)).toBe(true);
        expect(found.length).toBeGreaterThan(0);
      }
    }
    expect(pieces).toBeGreaterThan(5);
    expect(await store.slashes({ byEvidence: new Uint8Array(32) })).toEqual([]);
    await database.close();
  } finally {
    await rm(directory, { recursive: true });
  }
});

async function fill(store: DiskStore): Promise<readonly FinalizedBlock[]> {
  let tree: Tree = emptyTree;
  const blocks: FinalizedBlock[] = [];
  for (const [at, sample] of samples.entries()) {
    const version = toSequence(at + 1);
    const changes = names.slice(0, 1 + (at % names.length)).flatMap((id) => slash(id, at));
    tree = tree.update(changes.map(({ key, after }) => ({ key, value: after })));
    const header = withLedgerHeader(
      { ...sample.block.header, sequence: version },
      { stateRootAfter: tree.root },
    );
    const finalized = { ...sample, block: { ...sample.block, header } };
    const about = { header, finalized, leadership: undefined, receipts: [], changes };
    await store.write({ ...about, version, root: tree.root });
    blocks.push(finalized);
  }
  return blocks;
}

function slash(id: AccountId, at: number): readonly StateChange[] {
  const sequence = toSequence(at + 1);
  const offence = { validator: id, slashed: toAmount(5n), sequence, share: undefined };
  const record = slashedValidator(BigInt(1_000 - at));
  const key = stateKey.offence(sha256(Uint8Array.of(at, ...id)));
  return [
    { key, before: undefined, after: OffenceRecord.encode(offence) },
    { key: stateKey.validator(id), before: undefined, after: ValidatorRecord.encode(record) },
  ];
}

function isSame(left: SlashRecord["validator"], right: AccountId): boolean {
  return Buffer.compare(left, right) === 0;
}
