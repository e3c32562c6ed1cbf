import type { AccountId, Digest, Item, Sequence } from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";
import { type BlockWish, createBlockFetch } from "./block-fetch.ts";
import { createErrands } from "./errands.ts";
import type { FetchResults } from "./fetch-results.ts";
import { createHeadAsking } from "./head-asking.ts";
import { createPeerBook, type PeerBook } from "./peer-book.ts";
import { createRangeFetch } from "./range-fetch.ts";

/**
 * Fetcher of proposed blocks, final blocks and heads from peers, with a bounded number of requests.
 */
export interface Fetcher {
  /**
   * Requests a block until this replica has it, or the missing items of its outline. Gives up
   * blocks that are not among `wanted`, since a leader that withholds its block MUST NOT prevent
   * requests for the blocks of other leaders.
   */
  fetchBlock(wish: BlockWish, wanted: readonly Digest[]): void;
  /**
   * Requests the final blocks that follow the head. `hint`: peer to ask first. It MUST be from an
   * authentic message.
   */
  fetchBlocks(hint: AccountId | undefined): void;
  /** Continues to fetch final blocks after the head has moved. */
  moved(): void;
  /** Records that a peer gave a wrong final block. */
  blame(peer: PeerName): void;
  /** Records the head that an authenticated peer claims to have. */
  heard(peer: PeerName, height: Sequence): void;
  /** Asks `peer`, or some peers in turn, for their heads, and tells them this replica's head. */
  askHeads(known: Sequence, peer?: PeerName): void;
  /** Gives up all proposed blocks because their sequence is over. */
  cancelBlocks(): void;
  /** Resolves when nothing is requested any more. Later answers are dropped. */
  stop(): Promise<void>;
}

/** Creates a fetcher over a transport. After `stop` it calls nothing any more. */
export function createFetcher(options: {
  readonly transport: Pick<Transport, "request" | "peers" | "blame">;
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
  const pages = createPeerBook({
    now: () => clock.now(),
    count: () => transport.peers().length,
    initialMs: options.initialMs ?? Math.max(1, pauseMs / 2),
    passOverMs: pauseMs,
    passOverMaxMs: 8 * answerMs,
  });
  const book: PeerBook = {
    ...pages,
    // The transport knows which peer gave the wrong answer, although another may have made it.
    distrust(peer) {
      pages.distrust(peer);
      transport.blame?.(peer);
    },
  };
  const errands = createErrands({ transport, clock, book, answerMs, onBroken });
  const blocks = createBlockFetch({
    errands,
    clock,
    pauseMs,
    results,
    item: options.item ?? (() => undefined),
  });
  const ranges = createRangeFetch({ errands, book, transport, results });

  const heads = createHeadAsking({ ...options, book });

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
    askHeads: (known, peer) => heads.ask(known, peer),
    cancelBlocks: () => blocks.cancelAll(),
    async stop() {
      stopping.abort();
      blocks.cancelAll();
      await Promise.all([heads.stop(), errands.stop()]);
    },
  };
}
