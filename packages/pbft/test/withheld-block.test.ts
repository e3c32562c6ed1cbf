import {
  type AccountId,
  type Block,
  blockDigest,
  equalBytes,
  type SyncResponse,
  toHex,
  toSequence,
} from "@aethel/models";
import { describe, expect, test } from "vitest";
import { createFetcher, type Fetcher } from "../src/peers/fetcher.ts";
import { createEventQueue } from "./event-queue.ts";
import { createChain } from "./fetch-world.ts";
import { createMembership } from "./keys.ts";

const ONE_WAY_MS = 50;
const blocks: readonly Block[] = createChain(40).blocks.map(({ block }) => block);
const [one] = blocks as readonly [Block];
const first = blockDigest(one.header);
const names = createMembership(Array.from({ length: 12 }, () => 1)).members.map(({ id }) => id);

interface Rigged {
  readonly fetcher: Fetcher;
  /** Fetches a block; virtual milliseconds until it is here. */
  readonly fetch: (block: Block, hint: number) => Promise<number>;
  readonly pass: (ms: number) => Promise<void>;
  readonly asked: () => number;
  /** Whether the block that was asked for last has come. */
  readonly hasCome: (block: Block) => boolean;
}

/** A fetcher with `n - 1` peers, of whom the first `f` never answer when asked for a block. */
async function createRigged(
  n: number,
  f: number,
  hasAt: () => number = () => 0,
  outage: () => "none" | "no-peers" | "refused" | "lost" = () => "none",
  byPeer: { readonly answer?: (to: AccountId) => SyncResponse } = {},
): Promise<Rigged> {
  const peers = names.slice(0, n - 1);
  const queue = createEventQueue();
  let [now, asked] = [1_000, 0];
  const after = (ms: number, run: () => void): (() => void) => {
    let isSet = true;
    queue.push(now + ms, () => isSet && run());
    return () => {
      isSet = false;
    };
  };
  const wait = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve));
  let got: string | undefined;
  const fetcher = createFetcher({
    clock: { now: () => now, schedule: after },
    pauseMs: 2_000,
    answerMs: 14_000,
    initialMs: 1_000,
    transport: {
      peers: () => (outage() === "no-peers" ? [] : peers),
      async request(to, request, signal): Promise<SyncResponse> {
        if (outage() === "refused") throw new Error("not reachable");
        if (outage() === "lost") return new Promise(() => {});
        const at = peers.indexOf(to);
        if (request.type === "block") asked += 1;
        await wait(ONE_WAY_MS);
        if (request.type === "block" && byPeer.answer !== undefined) return byPeer.answer(to);
        const hangs = at < f && request.type === "block";
        if (hangs)
          return new Promise((_, no) => signal.addEventListener("abort", () => no(signal)));
        const found =
          request.type === "block" && now >= hasAt()
            ? blocks.find(({ header }) => toHex(blockDigest(header)) === toHex(request.digest))
            : undefined;
        await wait(ONE_WAY_MS);
        if (request.type === "head") {
          return { type: "head", sequence: toSequence(0), digest: first, oldest: toSequence(1) };
        }
        return found === undefined
          ? { type: "absent", head: toSequence(0) }
          : { type: "block", block: found };
      },
    },
    results: {
      block: (digest, block) => {
        if (!equalBytes(blockDigest(block.header), digest)) return false;
        got = toHex(digest);
        return true;
      },
      complete: () => {},
      blocks: () => undefined,
      next: () => undefined,
      holds: () => false,
      bytes: () => 0,
      head: () => {},
      pruned: () => {},
    },
    onBroken: (error) => {
      throw error;
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
  };
  const passUntil = async (end: number, isOver: () => boolean): Promise<void> => {
    await settle();
    while (!isOver()) {
      const next = queue.pop(end);
      if (next === undefined) break;
      now = Math.max(now, next.at);
      next.run();
      await settle();
    }
  };
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms;
    await passUntil(end, () => false);
    now = end;
  };
  // As in a network that runs: each peer has told its head.
  for (const peer of peers) fetcher.askHeads(toSequence(0), peer);
  await pass(1_000);
  return {
    fetcher,
    pass,
    asked: () => asked,
    hasCome: (block) => got === toHex(blockDigest(block.header)),
    async fetch(block, hint) {
      const digest = blockDigest(block.header);
      const began = now;
      got = undefined;
      fetcher.fetchBlock({ digest, hint: peers[hint], outline: undefined }, [digest]);
      await passUntil(began + 100_000, () => got === toHex(digest));
      const took = now - began;
      fetcher.cancelBlocks();
      return got === toHex(digest) ? took : Number.POSITIVE_INFINITY;
    },
  };
}

describe("a block that its leader withholds", () => {
  const roundTripMs = 2 * ONE_WAY_MS;

  test.each([
    [4, 1],
    [7, 2],
    [10, 3],
  ])(
    "of n = %i, %i hang, the hinted leader first: it costs one round trip more at most, and none later",
    async (n, f) => {
      const { fetcher, fetch, pass } = await createRigged(n, f);
      const times: number[] = [];
      for (const block of blocks) {
        times.push(await fetch(block, times.length % f));
        await pass(1_000);
      }
      const late = times.slice(10).filter((took) => took > roundTripMs + 1);

      expect(Math.max(...times)).toBeLessThanOrEqual(2 * roundTripMs + 1);
      // They are tried again from time to time, at growing intervals.
      expect(late.length).toBeLessThanOrEqual(times.length / 4);
      await fetcher.stop();
    },
  );

  test("who is told of a block a moment later is asked again a moment later", async () => {
    for (const delayMs of [1, 60, 150, 400, 1_000]) {
      let hasAt = Number.POSITIVE_INFINITY;
      const { fetcher, fetch, pass } = await createRigged(4, 1, () => hasAt);
      await pass(0);
      hasAt = 1_000 + 1_000 + delayMs;
      const took = await fetch(one, 0);

      expect(took).toBeLessThanOrEqual(2 * delayMs + 3 * roundTripMs);
      await fetcher.stop();
    }
  });

  test.each(["no-peers", "refused", "lost"] as const)(
    "it is asked for until it is here, however long there is an outage (%s)",
    async (kind) => {
      for (const lastsMs of [10, 700, 5_000, 60_000]) {
        let isOut = false;
        const { fetcher, hasCome, pass } = await createRigged(4, 0, undefined, () =>
          isOut ? kind : "none",
        );
        isOut = true;
        fetcher.fetchBlock({ digest: first, hint: names[0], outline: undefined }, [first]);
        await pass(lastsMs);
        isOut = false;
        expect(hasCome(one)).toBe(false);
        // No pause is longer than two seconds, no request than fourteen.
        await pass(17_000);

        expect(hasCome(one)).toBe(true);
        await fetcher.stop();
      }
    },
  );

  test("B23: who gave another block is asked for it no more, and the right one is taken from who has it", async () => {
    const liars = names.slice(0, 3);
    const asked = new Map<string, number>();
    let isThere = false;
    const { fetcher, hasCome, pass } = await createRigged(12, 0, undefined, undefined, {
      answer(to) {
        asked.set(toHex(to), (asked.get(toHex(to)) ?? 0) + 1);
        const block = liars.includes(to) ? blocks[1] : isThere ? one : undefined;
        return block === undefined
          ? { type: "absent", head: toSequence(0) }
          : { type: "block", block };
      },
    });
    fetcher.fetchBlock({ digest: first, hint: names[0], outline: undefined }, [first]);
    await pass(20_000);
    for (const liar of liars) expect(asked.get(toHex(liar))).toBe(1);
    for (const peer of names.slice(3, 11)) expect(asked.get(toHex(peer))).toBeGreaterThan(5);
    isThere = true;
    await pass(5_000);

    expect(hasCome(one)).toBe(true);
    await fetcher.stop();
  });

  test("a block is paid for twice at most when nobody hangs", async () => {
    const { fetcher, fetch, pass, asked } = await createRigged(10, 0);
    for (const block of blocks) {
      await fetch(block, 3);
      await pass(1_000);
    }

    expect(asked()).toBeLessThanOrEqual(2 * blocks.length);
    await fetcher.stop();
  });
});
