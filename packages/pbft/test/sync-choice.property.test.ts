import { sha256, toAccountId, toSequence } from "@aethel/models";
import fc from "fast-check";
import { expect, test } from "vitest";
import { candidatesOf } from "../src/sync/candidates.ts";
import { chooseWay } from "../src/sync/choice.ts";
import { coveredShare } from "../src/sync/progress.ts";

const peerOf = (at: number) => toAccountId(sha256(new Uint8Array([at])));
const digestOf = (at: number) => sha256(new Uint8Array([at, 1]));
const offerOf = (at: number, bytes = 1_000_000) => ({
  sequence: toSequence(at),
  digest: digestOf(at % 256),
  entries: 1,
  bytes,
});
const rates = { blockMs: 20, importBytesPerSecond: 1_000_000 };

const bestOf = (at: number, bytes: number) =>
  candidatesOf([{ peer: peerOf(0), offers: [offerOf(at, bytes)] }], undefined)[0];

test("near goes by blocks and far by a snapshot: what takes less time by the estimate", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 10_000_000_000 }),
      (blocks, behind, bytes) => {
        const snapshot = Math.max(1, blocks - behind);
        const claims = [{ peer: peerOf(0), head: toSequence(blocks), oldest: toSequence(1) }];
        const best = bestOf(snapshot, bytes);
        const way = chooseWay({ own: toSequence(0), claims, best, ...rates });
        const snapshotMs = bytes / 1_000 + (blocks - snapshot) * 20;
        expect(way.way).toBe(snapshotMs < blocks * 20 ? "snapshot" : "blocks");
      },
    ),
  );
});

test("blocks that peers have pruned are no way, and without snapshots there is none at all", () => {
  const pruned = [{ peer: peerOf(0), head: toSequence(10), oldest: toSequence(5) }];
  const own = toSequence(0);
  const best = bestOf(8, 10 ** 9);
  expect(chooseWay({ own, claims: pruned, best, ...rates })).toMatchObject({ way: "snapshot" });
  const none = chooseWay({ own, claims: pruned, best: undefined, ...rates });
  expect(none).toMatchObject({ blocksMs: Number.POSITIVE_INFINITY });
  expect(none.snapshotMs).toBe(Number.POSITIVE_INFINITY);
  const near = chooseWay({ own: toSequence(9), claims: pruned, best, ...rates });
  expect(near).toMatchObject({ way: "blocks", blocks: 1, blocksMs: 20 });
});

test("claims of less than a third change neither the head that is assumed nor the way", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 20 }),
      fc.nat(2 ** 40),
      fc.nat(2 ** 40),
      (size, head, oldest) => {
        const bad = Math.floor((size - 1) / 3);
        const claims = Array.from({ length: size }, (_, at) => ({
          peer: peerOf(at),
          head: toSequence(at < bad ? head : 1_000),
          oldest: toSequence(at < bad ? oldest : 1),
        }));
        const way = chooseWay({ own: toSequence(0), claims, best: undefined, ...rates });
        expect(way).toMatchObject({ way: "blocks", blocks: 1_000, blocksMs: 20_000 });
      },
    ),
  );
});

test("a snapshot that more than a third offer comes first, then the newest; an unfinished one before", () => {
  const all = Array.from({ length: 6 }, (_, at) => ({
    peer: peerOf(at),
    offers: at === 0 ? [offerOf(900)] : [offerOf(100), offerOf(200)],
  }));
  const order = (unfinished?: number): readonly number[] =>
    candidatesOf(all, unfinished === undefined ? undefined : toSequence(unfinished)).map(
      ({ sequence }) => sequence,
    );
  expect(order()).toEqual([200, 100, 900]);
  expect(order(100)).toEqual([100, 200, 900]);
  expect(order(900)).toEqual([200, 100, 900]);
});

test("the share that is covered is that of the paths, whatever peers say of the size", () => {
  const path = (byte: number): Uint8Array =>
    Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? byte : 0));
  expect(coveredShare([])).toBe(1);
  expect(coveredShare([{ from: path(0), to: new Uint8Array(32).fill(0xff) }])).toBeCloseTo(0, 9);
  expect(coveredShare([{ from: path(128), to: path(192) }])).toBeCloseTo(0.75, 9);
});
