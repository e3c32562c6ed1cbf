import { type AccountId, type Digest, type Item, type Sequence, toHex } from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";
import { ask } from "./ask.ts";
import { type BlockWish, createBlockFetch } from "./block-fetch.ts";
import { createErrands } from "./errands.ts";
import type { FetchResults } from "./fetch-results.ts";
import { createPeerBook } from "./peer-book.ts";
import { createRangeFetch } from "./range-fetch.ts";

/** Asks peers for proposed blocks, final blocks and heads, with a bounded number of requests. */
export interface Fetcher {
  /**
   * Asks for a block until it is here, or for the missing items of its outline. Blocks that are not
   * among `wanted` are given up: a leader that withholds its block MUST NOT keep blocks of other
   * leaders from being asked for.
   */
  fetchBlock(wish: BlockWish, wanted: readonly Digest[]): void;
  /** Asks for the final blocks that follow the head. `hint` MUST be from an authentic message. */
  fetchBlocks(hint: AccountId | undefined): void;
  /** Continues from a head that has moved. */
  moved(): void;
  /** Records that a peer gave a wrong final block. */
  blame(peer: PeerName): void;
  /** Records the head that an authenticated peer claims to have. */
  heard(peer: PeerName, height: Sequence): void;
  /** Asks `peer`, or some peers in turn, for their heads, and tells them ours. */
  askHeads(known: Sequence, peer?: PeerName): void;
  /** Gives up all proposed blocks, because their sequence is over. */
  cancelBlocks(): void;
  /** Resolves when nothing is asked any more; whatever a transport still answers is dropped. */
  stop(): Promise<void>;
}

/**
 * Bounds on the number of peers that are asked for their heads at one time. Within them it is more
 * than a third of all peers, so that one is honest.
 */
const HEADS_MIN = 3;
const HEADS_MAX = 32;
const HEADS_IN_FLIGHT_MAX = 64;

/** Creates a fetcher over a transport. After `stop` it calls nothing any more. */
export function createFetcher(options: {
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  readonly pauseMs: number;
  /** Milliseconds after which a request is given up, even if the transport does not give up. */
  readonly answerMs: number;
  /** Most milliseconds that a small answer should take. Default: half of `pauseMs`. */
  readonly initialMs?: number;
  readonly results: FetchResults;
  /** Returns an item that the application has, by its hash. Default: it has none. */
  readonly item?: (hash: Digest) => Item | undefined;
  /** Called when checking an answer throws, which is a bug in this program. */
  readonly onBroken: (error: unknown) => void;
}): Fetcher {
  const { transport, clock, pauseMs, answerMs, results, onBroken } = options;
  const stopping = new AbortController();
  const heads = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();
  let turn = 0;
  let askedAt = Number.NEGATIVE_INFINITY;
  const book = createPeerBook({
    now: () => clock.now(),
    count: () => transport.peers().length,
    initialMs: options.initialMs ?? Math.max(1, pauseMs / 2),
    passOverMs: pauseMs,
    passOverMaxMs: 8 * answerMs,
  });
  const errands = createErrands({ transport, clock, book, answerMs, onBroken });
  const blocks = createBlockFetch({
    errands,
    clock,
    pauseMs,
    results,
    item: options.item ?? (() => undefined),
  });
  const ranges = createRangeFetch({ errands, book, transport, results });

  const askHead = async (peer: PeerName, known: Sequence, limit: AbortController) => {
    const since = clock.now();
    const world = { transport, clock, answerMs };
    const response = await ask(world, peer, { type: "head", known }, limit);
    if (stopping.signal.aborted || response?.type !== "head") return;
    book.answered(peer, "small", clock.now() - since);
    book.height(peer, response.sequence);
    if (response.sequence > known) results.head(response.sequence, peer);
  };

  const startHead = (peer: PeerName, known: Sequence): void => {
    const name = toHex(peer);
    if (heads.has(name)) return;
    // Who hangs must not keep others from being asked.
    const [oldest] = heads;
    if (heads.size >= HEADS_IN_FLIGHT_MAX && oldest !== undefined) {
      oldest[1].abort();
      heads.delete(oldest[0]);
    }
    const limit = new AbortController();
    heads.set(name, limit);
    const work = askHead(peer, known, limit)
      .catch(onBroken)
      .finally(() => {
        running.delete(work);
        if (heads.get(name) === limit) heads.delete(name);
      });
    running.add(work);
  };

  return {
    fetchBlock(wish, wanted) {
      if (!stopping.signal.aborted) blocks.fetch(wish, wanted);
    },
    fetchBlocks(hint) {
      if (!stopping.signal.aborted) ranges.start(hint);
    },
    moved() {
      if (!stopping.signal.aborted) ranges.moved();
    },
    blame(peer) {
      book.distrust(peer);
      if (!stopping.signal.aborted) ranges.moved();
    },
    heard(peer, height) {
      book.height(peer, height);
    },
    askHeads(known, peer) {
      if (stopping.signal.aborted) return;
      if (peer !== undefined) return startHead(peer, known);
      // Anybody causes this as often as they like, by messages that prove nothing.
      const now = clock.now();
      if (now - askedAt < pauseMs / 8) return;
      askedAt = now;
      const peers = transport.peers();
      const third = Math.min(HEADS_MAX, Math.floor(peers.length / 3) + 1);
      const count = Math.min(peers.length, Math.max(HEADS_MIN, third));
      for (let at = 0; at < count; at++) {
        const each = peers[(turn + at) % peers.length];
        if (each !== undefined) startHead(each, known);
      }
      turn += count;
    },
    cancelBlocks: () => blocks.cancelAll(),
    async stop() {
      stopping.abort();
      blocks.cancelAll();
      for (const limit of heads.values()) limit.abort();
      await Promise.all([...running, errands.stop()]);
    },
  };
}
