import { snapshotChunks } from "@aethel/merkle";
import { type SnapshotHead, toSequence } from "@aethel/models";
import type { SnapshotSink, SnapshotSource } from "@aethel/pbft";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../src/storage/open-database.ts";
import { createSnapshotSink } from "../src/storage/snapshot-sink.ts";
import { emptyLayout, growTo, type Opened, openAt, removeAll } from "./snapshot-chain.ts";

let full: Opened;

beforeAll(async () => {
  full = await openAt(await emptyLayout());
  await growTo(full.ledger, 25);
}, 60_000);

afterAll(async () => {
  await full.close();
  await removeAll();
});

describe("snapshots of a node", () => {
  test("are offered for the last checkpoints, with their blocks, each as the state was then", async () => {
    const offers = full.snapshots.offers();
    expect(offers.map(({ sequence }) => sequence)).toEqual([10, 20]);
    for (const { sequence, digest, entries } of offers) {
      const head = await full.snapshots.head(sequence);
      const block = await full.ledger.finalized(sequence);
      expect(head?.header).toEqual(block?.block.header);
      expect(head?.certificate.digest).toEqual(digest);
      const tree = full.snapshots.tree(sequence);
      expect(tree?.size).toBe(entries);
      expect(tree?.root).not.toEqual(full.ledger.state().tree.root);
    }
    expect(await full.snapshots.head(toSequence(5))).toBeUndefined();
    expect(await full.snapshots.chunk(toSequence(10), new Uint8Array(31))).toBeUndefined();
  });

  test("are the same after a restart, and the oldest is dropped at the next checkpoint", async () => {
    const layout = await emptyLayout();
    const first = await openAt(layout);
    await growTo(first.ledger, 29);
    const offers = first.snapshots.offers();
    const chunks = await Promise.all(offers.map(({ sequence }) => allChunks(first, sequence)));
    await first.close();
    const again = await openAt(layout);
    expect(again.snapshots.offers()).toEqual(offers);
    expect(await Promise.all(offers.map(({ sequence }) => allChunks(again, sequence)))).toEqual(
      chunks,
    );
    await growTo(again.ledger, 31);
    expect(again.snapshots.offers().map(({ sequence }) => sequence)).toEqual([20, 30]);
    await again.close();
    const third = await openAt(layout);
    expect(third.snapshots.offers().map(({ sequence }) => sequence)).toEqual([20, 30]);
    await third.close();
  });
});

describe("the receiver of snapshots", () => {
  test("opens the ledger at the snapshot's block, from where it goes on like the first one", async () => {
    const { layout, database, sink } = await receiver();
    const head = await headAt(full.snapshots, 20);
    await sink.begin(head);
    await receiveAll(sink, full.snapshots, head);
    await sink.finish();
    const joined = await openAt(layout, database);
    expect(joined.ledger.head()).toMatchObject({
      header: head.header,
      certificate: head.certificate,
      leadership: head.leadership,
    });
    expect(joined.snapshots.offers()).toEqual(full.snapshots.offers().slice(1));
    for (let at = 21; at <= 25; at++) {
      const block = await full.ledger.finalized(toSequence(at));
      if (block !== undefined) await joined.ledger.commit(block, new Uint8Array());
    }
    expect(joined.ledger.state().tree.root).toEqual(full.ledger.state().tree.root);
    await joined.close();
    // And from the disk alone.
    const again = await openAt(layout);
    expect(again.ledger.state().tree.root).toEqual(full.ledger.state().tree.root);
    expect(again.snapshots.offers()).toEqual(full.snapshots.offers().slice(1));
    await again.close();
  });

  test("B17: refuses every changed, foreign or misplaced chunk, and keeps what it has", async () => {
    const { database, sink } = await receiver();
    const head = await headAt(full.snapshots, 20);
    const other = full.snapshots.tree(10);
    if (other === undefined) throw new Error("there is a snapshot of 10");
    await sink.begin(head);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(15),
        fc.nat(),
        fc.integer({ min: 1, max: 900 }),
        async (at, bit, size) => {
          const { sequence } = head.header;
          const missing = sink.missing();
          const range = missing[at % missing.length];
          const tree = full.snapshots.tree(sequence);
          if (range === undefined || tree === undefined) return;
          const { from } = range;
          const right = snapshotChunks(tree, { from, chunkBytes: size }).next().value as Uint8Array;
          const place = bit % right.length;
          const lies = [
            right.with(place, (right[place] ?? 0) ^ (1 << (bit % 8))),
            snapshotChunks(other, { from, chunkBytes: size }).next().value as Uint8Array,
            snapshotChunks(tree, { from: range.to, chunkBytes: size }).next().value as Uint8Array,
            right.slice(0, -1),
            new Uint8Array(),
          ];
          for (const lie of lies) {
            expect((await sink.accept(from, lie)).type).toBe("refused");
            expect(sink.missing()).toEqual(missing);
          }
          expect((await sink.accept(from, right)).type).toBe("accepted");
          expect((await sink.accept(from, right)).type).toBe("repeated");
        },
      ),
      { numRuns: 30, endOnFailure: true },
    );
    await expect(sink.finish()).rejects.toMatchObject({ fault: { code: "STORE_INCOMPLETE" } });
    await database.close();
  });

  test("goes on where another process stopped, and begins anew for another snapshot", async () => {
    const layout = await emptyLayout();
    const head = await headAt(full.snapshots, 20);
    let left = 16;
    for (let round = 0; round < 4; round++) {
      const database = await openDatabase(layout);
      const sink = createSnapshotSink(database, { layout });
      const missing = await sink.begin(head);
      expect(missing.length).toBeLessThanOrEqual(left);
      left = missing.length;
      await receiveSome(sink, full.snapshots, head, 3);
      expect(sink.missing().length).toBeLessThan(left);
      left = sink.missing().length;
      await database.close();
    }
    const database = await openDatabase(layout);
    const sink = createSnapshotSink(database, { layout });
    const older = await headAt(full.snapshots, 10);
    expect(await sink.begin(older)).toHaveLength(16);
    await receiveAll(sink, full.snapshots, older);
    await sink.finish();
    const joined = await openAt(layout, database);
    expect(joined.ledger.head().header.sequence).toBe(10);
    await joined.close();
  });

  test("refuses a head whose parts are not those of the header", async () => {
    const { database, sink } = await receiver();
    const head = await headAt(full.snapshots, 20);
    const older = await headAt(full.snapshots, 10);
    for (const wrong of [
      { ...head, certificate: older.certificate },
      { ...head, leadership: Uint8Array.of(1) },
      { ...head, header: older.header },
    ]) {
      await expect(sink.begin(wrong)).rejects.toThrow();
    }
    expect(sink.missing()).toEqual([]);
    await database.close();
  });
});

async function receiver(): Promise<{
  readonly layout: Awaited<ReturnType<typeof emptyLayout>>;
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  readonly sink: SnapshotSink;
}> {
  const layout = await emptyLayout();
  const database = await openDatabase(layout);
  return { layout, database, sink: createSnapshotSink(database, { layout, keep: 2 }) };
}

async function headAt(source: SnapshotSource, sequence: number): Promise<SnapshotHead> {
  const head = await source.head(toSequence(sequence));
  if (head === undefined) throw new Error(`there is no snapshot of ${sequence}`);
  return head;
}

/** Asks for the last missing range first, so that lanes are filled out of order. */
async function receiveSome(
  sink: SnapshotSink,
  source: SnapshotSource,
  { header }: SnapshotHead,
  most: number,
): Promise<void> {
  for (let count = 0; count < most; count++) {
    const range = sink.missing().at(-1);
    if (range === undefined) return;
    const chunk = await source.chunk(header.sequence, range.from);
    if (chunk === undefined) throw new Error("the source has the chunk");
    expect((await sink.accept(range.from, chunk)).type).toBe("accepted");
  }
}

async function receiveAll(
  sink: SnapshotSink,
  source: SnapshotSource,
  head: SnapshotHead,
): Promise<void> {
  await receiveSome(sink, source, head, Number.POSITIVE_INFINITY);
}

async function allChunks(opened: Opened, sequence: number): Promise<readonly unknown[]> {
  const tree = opened.snapshots.tree(sequence);
  if (tree === undefined) throw new Error(`there is no snapshot of ${sequence}`);
  const first = await opened.snapshots.chunk(toSequence(sequence), new Uint8Array(32));
  return [first, ...snapshotChunks(tree, { chunkBytes: 2_000 })];
}
