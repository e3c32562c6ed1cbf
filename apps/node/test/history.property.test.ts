import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FinalizedBlock, toSequence } from "@aethel/models";
import fc from "fast-check";
import type { RootDatabase } from "lmdb";
import { afterEach, describe, expect, test } from "vitest";
import { layoutOf } from "../src/files/layout.ts";
import { writeAnchor } from "../src/storage/history.ts";
import { createLedgerStore, type DiskStore } from "../src/storage/ledger-store.ts";
import { openDatabase } from "../src/storage/open-database.ts";
import type { PruneFloor } from "../src/storage/pruning.ts";
import { openTables } from "../src/storage/tables.ts";
import { BLOCK_MS, type BlockShape, fillStore, proofHashAt } from "./filled-store.ts";

const shape: fc.Arbitrary<BlockShape> = fc.record({
  hasEvidence: fc.boolean(),
  changesSet: fc.boolean(),
  // Now and then more receipts than one step deletes.
  receipts: fc.oneof({ weight: 6, arbitrary: fc.nat(3) }, fc.constant(200)),
});

interface Opened {
  readonly root: RootDatabase;
  readonly store: DiskStore;
}

const folders: string[] = [];
let opened: Opened | undefined;

afterEach(async () => {
  await opened?.root.close();
  opened = undefined;
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function open(folder?: string): Promise<Opened> {
  await opened?.root.close();
  const directory = folder ?? (await mkdtemp(path.join(tmpdir(), "aethel-history-")));
  if (folder === undefined) folders.push(directory);
  const layout = layoutOf(directory);
  const root = await openDatabase(layout);
  opened = { root, store: createLedgerStore(root, layout) };
  return opened;
}

async function pruneAll(store: DiskStore, floor: PruneFloor): Promise<number> {
  for (let steps = 1; ; steps++) if ((await store.prune(floor)).isDone) return steps;
}

/** Content that a store should have, by the simplest rule. */
function kept(
  at: number,
  shapes: readonly BlockShape[],
  floor: PruneFloor,
): "block" | "header" | "" {
  const head = shapes.length;
  const blocksFrom = Math.min(floor.blocks, head);
  const hasEvidence = shapes[at - 1]?.hasEvidence === true;
  if (at >= blocksFrom || hasEvidence) return "block";
  return at >= Math.min(floor.headers, blocksFrom) ? "header" : "";
}

describe("pruning", () => {
  test("deletes what is below the floor, never the head, evidence, or a change of the set", async () => {
    const cases = fc.record({
      shapes: fc.array(shape, { minLength: 1, maxLength: 8 }),
      floors: fc.array(fc.record({ blocks: fc.nat(12), headers: fc.nat(12) }), {
        minLength: 1,
        maxLength: 2,
      }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ shapes, floors }) => {
        const { store } = await open();
        const blocks = await fillStore(store, shapes);
        for (const floor of floors) await pruneAll(store, floor);

        const floor = {
          blocks: Math.max(...floors.map((each) => each.blocks)),
          headers: Math.max(
            ...floors.map((_, at) => {
              const until = floors.slice(0, at + 1);
              const blocksFrom = Math.max(1, ...until.map((each) => each.blocks));
              return Math.min(until.at(-1)?.headers ?? 0, blocksFrom);
            }),
          ),
        };
        await expectKept(store, { blocks, shapes, floor });
        const summary = await store.summary();
        expect(summary?.sequence).toBe(shapes.length);
        const changes = shapes.flatMap(({ changesSet }, at) => (changesSet ? [at + 1] : []));
        const found = await store.setChanges({ after: 0, bytesMax: 1 << 20 });
        expect(found?.map(({ header }) => header.sequence)).toEqual(changes);
      }),
      { numRuns: 25 },
    );
  });

  test("goes on in small steps after the process was opened again", async () => {
    const shapes = Array.from({ length: 6 }, () => shapeWith({ receipts: 200 }));
    const { store } = await open();
    const blocks = await fillStore(store, shapes);
    const floor = { blocks: 6, headers: 6 };
    expect(await store.prune(floor)).toEqual({ blocks: 0, isDone: false });
    const [folder] = folders;
    const again = await open(folder);
    // What a store claims to have is there, in the middle of pruning too.
    expect((await again.store.summary())?.oldestBlock).toBe(6);
    expect(await pruneAll(again.store, { blocks: 1, headers: 1 })).toBeGreaterThan(3);
    await expectKept(again.store, { blocks, shapes, floor });
  });
});

describe("a head that came as a snapshot", () => {
  test("is a whole store without its block, and the older blocks are swept away", async () => {
    const { root, store } = await open();
    const shapes = Array.from({ length: 5 }, () => shapeWith({ changesSet: true }));
    const blocks = await fillStore(store, shapes);
    const last = blocks.at(-1);
    if (last === undefined) throw new Error("no block");
    const { block, certificate } = last;
    const leadership = Uint8Array.of(9);
    root.transactionSync(() => {
      writeAnchor(openTables(root), { header: block.header, certificate, leadership });
    });
    await pruneAll(store, { blocks: 1, headers: 1 });
    // The head's block stays in this store, as nothing at the head is ever deleted.
    expect(await store.extent()).toMatchObject({ oldestBlock: 6, oldestHeader: 5 });
    const head = await store.load();
    expect(head?.certificate).toEqual(certificate);
    expect(head?.leadership).toEqual(leadership);
    expect(await store.block(toSequence(4))).toBeUndefined();
    expect(await store.setChanges({ after: 4, bytesMax: 1 })).toBeUndefined();
    expect(await store.setChanges({ after: 5, bytesMax: 1 })).toEqual([]);
  });
});

describe("changes of the set", () => {
  test("come in pages of bounded bytes, each with at least one", async () => {
    const { store } = await open();
    await fillStore(
      store,
      Array.from({ length: 5 }, () => shapeWith({ changesSet: true })),
    );
    const seen: number[] = [];
    for (let after = 0; ; ) {
      const page = await store.setChanges({ after, bytesMax: 1 });
      if (page === undefined || page.length === 0) break;
      expect(page.length).toBe(1);
      after = page[0]?.header.sequence ?? Number.NaN;
      seen.push(after);
    }
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("the first block since a time", () => {
  test("is found by halving", async () => {
    const { store } = await open();
    await fillStore(
      store,
      Array.from({ length: 9 }, () => shapeWith({})),
    );
    for (let time = 0; time < 12; time++) {
      expect(await store.firstSince(time * BLOCK_MS)).toBe(Math.min(9, Math.max(1, time)));
      expect(await store.firstSince(time * BLOCK_MS + 1)).toBe(Math.min(9, time + 1));
    }
  });
});

function shapeWith(given: Partial<BlockShape>): BlockShape {
  return { hasEvidence: false, changesSet: false, receipts: 0, ...given };
}

async function expectKept(
  store: DiskStore,
  expected: {
    readonly blocks: readonly FinalizedBlock[];
    readonly shapes: readonly BlockShape[];
    readonly floor: PruneFloor;
  },
): Promise<void> {
  const { blocks, shapes, floor } = expected;
  for (const [index, shape] of shapes.entries()) {
    const at = toSequence(index + 1);
    const what = kept(at, shapes, floor);
    expect(await store.block(at)).toEqual(what === "block" ? blocks[index] : undefined);
    const header = what === "" ? undefined : blocks[index]?.block.header;
    expect(await store.header(at)).toEqual(header);
    const isWhole = at >= Math.min(floor.blocks, shapes.length);
    expect((await store.receipts(at)).length).toBe(isWhole ? shape.receipts : 0);
    if (shape.receipts === 0) continue;
    const receipt = await store.receipt(proofHashAt(at, 0));
    expect(receipt?.sequence).toBe(isWhole ? at : undefined);
  }
}
