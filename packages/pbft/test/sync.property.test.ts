import { blockDigest, toHex, toSequence } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Checkpoint } from "../src/index.ts";
import { type Deed, impostor, type Liar, liars, twin } from "./sync-liar.ts";
import {
  chain,
  checkpointAt,
  createTestSink,
  type Synced,
  type SyncPeer,
  syncWith,
} from "./sync-world.ts";

/** Trust in the head of the chain, in a block between, in an old block, in the genesis alone. */
const checkpoints: fc.Arbitrary<Checkpoint | undefined> = fc.constantFrom(
  undefined,
  checkpointAt(600),
  checkpointAt(500),
  checkpointAt(440),
  checkpointAt(100),
);

/** A network of which `badOf` are liars that a generator draws. */
function networks(options: {
  readonly sizes: readonly [number, number];
  readonly badOf: (size: number) => number;
}): fc.Arbitrary<readonly SyncPeer[]> {
  const [min, max] = options.sizes;
  return fc.integer({ min, max }).chain((size) => {
    const bad = options.badOf(size);
    return fc
      .record({
        delays: fc.array(fc.integer({ min: 1, max: 150 }), { minLength: size, maxLength: size }),
        lies: fc.array(fc.oneof({ weight: 4, arbitrary: liars }, fc.constantFrom(impostor, twin)), {
          minLength: bad,
          maxLength: bad,
        }),
        seats: fc.shuffledSubarray([...Array(size).keys()], { minLength: bad, maxLength: bad }),
      })
      .map(({ delays, lies, seats }) =>
        delays.map((oneWayMs, at): SyncPeer => {
          const seat = seats.indexOf(at);
          return { oneWayMs, liar: seat < 0 ? undefined : lies[seat] };
        }),
      );
  });
}

const fifth = networks({ sizes: [5, 20], badOf: (size) => Math.max(1, Math.floor(size / 5)) });
const honest = (count: number): readonly SyncPeer[] =>
  Array.from({ length: count }, (_, at) => ({ oneWayMs: 10 + 7 * at }));

/** Whether what was imported is the state of the true chain after a snapshot's block. */
function isTrue({ sink, result }: Synced): boolean {
  const head = sink.finished();
  if (result.type !== "done" || head === undefined) return false;
  const { sequence } = head.header;
  return toHex(blockDigest(head.header)) === toHex(blockDigest(chain.headerAt(sequence)));
}

const asPeer = (liar: Liar): SyncPeer => ({ oneWayMs: 1, liar });

/** A liar that is honest but for one kind of request. */
function liarIn(kind: keyof Liar, ...deeds: readonly Deed[]): Liar {
  const right = [{ how: "right", lateMs: 0 } as const];
  const all = Object.keys(impostor).map((name) => [name, name === kind ? deeds : right]);
  return Object.fromEntries(all) as Liar;
}

const RIGHT: Deed = { how: "right", lateMs: 0 };
/** Most milliseconds of a sync with a fifth of liars: six requests that time out. */
const WORST_MS = 60_000;

describe("syncs among liars", () => {
  test("P11: 100 of 100 succeed with a fifth of liars that a generator draws, in bounded time", async () => {
    const worlds = fc.sample(fc.record({ peers: fifth, checkpoint: checkpoints }), {
      seed: 16,
      numRuns: 100,
    });
    let done = 0;
    for (const world of worlds) {
      const synced = await syncWith(world);
      if (synced.result.type === "done" && isTrue(synced)) done += 1;
      expect(synced.tookMs).toBeLessThan(WORST_MS);
    }
    expect(done).toBe(100);
  }, 120_000);

  test("P12: with liars below a third each sync succeeds, whoever they are and whatever is trusted", async () => {
    const peers = networks({ sizes: [4, 10], badOf: (size) => Math.floor((size - 1) / 3) });
    await fc.assert(
      fc.asyncProperty(peers, checkpoints, async (all, checkpoint) => {
        const synced = await syncWith({ peers: all, checkpoint });
        expect(synced.result.type).toBe("done");
        expect(isTrue(synced)).toBe(true);
        expect(synced.tookMs).toBeLessThan(2 * WORST_MS);
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  test("P12: a wrong state is never accepted, even if all peers but one lie, or all", async () => {
    const peers = networks({ sizes: [2, 5], badOf: (size) => size });
    await fc.assert(
      fc.asyncProperty(peers, checkpoints, fc.boolean(), async (bad, checkpoint, isOneHonest) => {
        const all = isOneHonest ? [...bad, { oneWayMs: 40 }] : bad;
        const synced = await syncWith({ peers: all, checkpoint, giveUpMs: 200_000 });
        expect(synced.result.type === "done" ? isTrue(synced) : true).toBe(true);
        expect(synced.sink.finished() === undefined || isTrue(synced)).toBe(true);
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  test("B17: peers of another chain are passed over, although they serve it to the end", async () => {
    for (const checkpoint of [undefined, checkpointAt(600), checkpointAt(440)]) {
      const peers = [
        ...honest(4),
        { oneWayMs: 1, liar: impostor },
        { oneWayMs: 1, liar: impostor },
      ];
      const synced = await syncWith({ peers, checkpoint });
      expect(isTrue(synced)).toBe(true);
      expect(synced.tookMs).toBeLessThan(15_000);
    }
  });

  test("B40: each wrong chunk is an event with its peer, chunk and cause, and ends that peer's part", async () => {
    const wrong = ["spoilt", "short", "elsewhere", "other-chain", "other-type"] as const;
    for (const how of wrong) {
      const lies = liarIn("snapshot-chunk", RIGHT, RIGHT, { how, lateMs: 0 });
      const peers = [...honest(4), { oneWayMs: 1, liar: lies }];
      const synced = await syncWith({ peers, checkpoint: checkpointAt(600) });
      const named = synced.events.filter(
        (event) => event.type === "attempt-failed" && event.cause === "wrong",
      );
      expect(isTrue(synced)).toBe(true);
      expect(named.length).toBeGreaterThanOrEqual(1);
      expect(named.length).toBeLessThanOrEqual(2);
      for (const event of named) {
        expect(event).toMatchObject({ request: "snapshot-chunk", chunk: expect.any(String) });
      }
    }
  });

  test("B14 B30: stalls, drips, falling heights and endless headers of a fifth cost less than one time-out", async () => {
    const lies: readonly Liar[] = [
      liarIn("snapshot-chunk", { how: "hang", lateMs: 0 }),
      liarIn("snapshot-chunk", { how: "drip", lateMs: 0 }),
      liarIn("headers", { how: "elsewhere", lateMs: 0 }),
      liarIn("headers", { how: "short", lateMs: 0 }),
      liarIn("updates", { how: "invented", lateMs: 0 }),
      liarIn("updates", { how: "short", lateMs: 0 }),
      liarIn("head", { how: "invented", lateMs: 0 }),
      liarIn("snapshots", { how: "invented", lateMs: 0 }),
      liarIn("snapshots", { how: "hang", lateMs: 0 }),
      liarIn("snapshot-head", { how: "drip", lateMs: 0 }),
    ];
    for (const checkpoint of [undefined, checkpointAt(600)]) {
      for (const liar of lies) {
        const peers = [{ oneWayMs: 1, liar }, ...honest(4)];
        const synced = await syncWith({ peers, checkpoint });
        expect(isTrue(synced)).toBe(true);
        expect(synced.tookMs).toBeLessThan(10_000);
      }
    }
  });
});

test("a fast peer that gives one header at a time causes no round trip for each block", async () => {
  const liar = liarIn("headers", RIGHT, { how: "short", lateMs: 0 });
  const peers = [{ oneWayMs: 1, liar }, ...honest(4)];
  const synced = await syncWith({ peers, checkpoint: checkpointAt(600) });
  expect(isTrue(synced)).toBe(true);
  expect(synced.requests).toBeLessThan(100);
});

test("a right block with the digest of another one blames the peer that gave it, and no other", async () => {
  const liar: Liar = { ...liarIn("snapshot-head", { how: "twin", lateMs: 0 }) };
  const synced = await syncWith({
    peers: [{ oneWayMs: 1, liar }, ...honest(4)],
    checkpoint: checkpointAt(600),
  });
  expect(isTrue(synced)).toBe(true);
  expect(synced.events.filter(({ type }) => type === "snapshot-refuted")).toEqual([]);
});

describe("what a sync trusts", () => {
  test("P12: a header that nobody of the chain signed is refuted, though its parent is the true one", async () => {
    for (const checkpoint of [undefined, checkpointAt(600), checkpointAt(500), checkpointAt(440)]) {
      const lone = await syncWith({
        peers: [twin, twin].map(asPeer),
        checkpoint,
        giveUpMs: 60_000,
      });
      expect(lone.sink.finished()).toBeUndefined();
      const peers = [...honest(4), ...[twin, impostor, twin].map(asPeer)];
      expect(isTrue(await syncWith({ peers, checkpoint }))).toBe(true);
    }
  });

  test("a checkpoint that does not exist stops it within bounded time, and nobody is blamed", async () => {
    const checkpoint = { ...checkpointAt(600), digest: blockDigest(chain.headerAt(3)) };
    const synced = await syncWith({ peers: honest(5), checkpoint });
    expect(synced.result).toEqual({ type: "stopped", reason: "checkpoint-missing" });
    expect(synced.tookMs).toBeLessThan(20_000);
    expect(synced.events.filter(({ type }) => type === "attempt-failed")).toEqual([]);
    const beyond = { ...checkpointAt(600), sequence: toSequence(9_000) };
    const missing = await syncWith({ peers: honest(5), checkpoint: beyond });
    expect(missing.result).toEqual({ type: "stopped", reason: "checkpoint-missing" });
  });

  test("P12: from an old genesis it follows only while nobody of its set has left", async () => {
    const synced = await syncWith({ peers: honest(5), unbondingMs: 1_000 });
    expect(synced.result).toEqual({ type: "stopped", reason: "checkpoint-needed" });
    const named = await syncWith({
      peers: honest(5),
      unbondingMs: 30_000,
      checkpoint: checkpointAt(600),
    });
    expect(isTrue(named)).toBe(true);
  });

  test("a checkpoint that is too old, or dated ahead of the clock, is refused at once", async () => {
    const old = syncWith({ peers: honest(5), unbondingMs: 900, checkpoint: checkpointAt(600) });
    await expect(old).rejects.toMatchObject({ fault: { code: "CHECKPOINT" } });
    const ahead = { ...checkpointAt(600), statedAt: (checkpointAt(600).statedAt + 1e9) as never };
    const early = syncWith({ peers: honest(5), checkpoint: ahead });
    await expect(early).rejects.toMatchObject({ fault: { code: "CHECKPOINT" } });
  });

  test("headers make a snapshot certain down from a checkpoint, certificates up from a trusted head", async () => {
    const byOf = async (checkpoint: Checkpoint | undefined): Promise<unknown> => {
      const { events } = await syncWith({ peers: honest(5), checkpoint });
      return events.flatMap((event) => (event.type === "header-certain" ? [event.by] : []));
    };
    expect(await byOf(checkpointAt(600))).toEqual(["path"]);
    expect(await byOf(checkpointAt(500))).toEqual(["path"]);
    expect(await byOf(checkpointAt(499))).toEqual(["following"]);
    expect(await byOf(undefined)).toEqual(["following"]);
  });
});

describe("an import", () => {
  test("goes on with the same snapshot after an end in its midst, and fetches no chunk again", async () => {
    const sink = createTestSink();
    const first = await syncWith({
      peers: honest(5).map((peer) => ({ ...peer, snapshots: [400] })),
      sink,
      onEvent: (event, abort) => {
        if (event.type === "progress" && sink.missing().length < 20) abort();
      },
      limits: { progressIntervalMs: 0 },
    });
    expect(first.result).toEqual({ type: "stopped", reason: "aborted" });
    expect(sink.missing().length).toBeGreaterThan(0);
    const second = await syncWith({ peers: honest(5), sink });
    expect(second.result).toMatchObject({ type: "done", head: { header: { sequence: 400 } } });
    expect(sink.accepted()).toBe(chain.paths.length);
  });

  test("turns to another snapshot when the first one vanishes from all peers", async () => {
    const vanishing = (at: number): SyncPeer => ({
      oneWayMs: 20 + at,
      snapshots: [500],
      liar: liarIn("snapshot-chunk", RIGHT, RIGHT, { how: "absent", lateMs: 0 }),
    });
    const lasting = { oneWayMs: 90, snapshots: [400] };
    const synced = await syncWith({ peers: [vanishing(0), vanishing(1), lasting] });
    expect(isTrue(synced)).toBe(true);
    expect(synced.result).toMatchObject({ head: { header: { sequence: 400 } } });
    expect(synced.events).toContainEqual(
      expect.objectContaining({ type: "attempt-failed", cause: "gone" }),
    );
  });

  test("tells its progress, which only grows and ends at the whole", async () => {
    const { events } = await syncWith({ peers: honest(5), limits: { progressIntervalMs: 0 } });
    const shares = events.flatMap((event) => (event.type === "progress" ? [event] : []));
    expect(shares.map(({ share }) => share)).toEqual(
      shares.map(({ share }) => share).toSorted((left, right) => left - right),
    );
    expect(shares[0]).toMatchObject({ share: 0, chunks: 0, leftMs: undefined });
    expect(shares.at(-1)).toMatchObject({ share: 1, chunks: 40, entries: 40, leftMs: 0, peers: 5 });
    expect(shares.at(-1)?.bytesPerSecond).toBeGreaterThan(0);
  });

  test("asks no peer for more than a few chunks at one time, and all peers for some", async () => {
    const { events, requests } = await syncWith({ peers: honest(5) });
    expect(requests).toBeLessThan(80);
    expect(events.some(({ type }) => type === "way-chosen")).toBe(true);
  });
});
