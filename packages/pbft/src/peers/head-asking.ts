import { type Sequence, toHex } from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";
import { ask } from "./ask.ts";
import type { FetchResults } from "./fetch-results.ts";
import type { PeerBook } from "./peer-book.ts";

/** Asks peers for their heads, with a bounded number of requests. */
export interface HeadAsking {
  /** Asks `peer`, or some peers in turn, for their heads, and tells them this replica's head. */
  ask(known: Sequence, peer?: PeerName): void;
  /** Resolves when no request is pending. */
  stop(): Promise<void>;
}

/**
 * Least number of peers that are asked for their heads at the same time. `HEADS_MAX`: most of them.
 * Within these bounds the number is more than a third of all peers, so that one of them is honest.
 */
const HEADS_MIN = 3;
const HEADS_MAX = 32;
const HEADS_IN_FLIGHT_MAX = 64;

/** Creates the part that asks for heads. After `stop` it calls nothing any more. */
export function createHeadAsking(options: {
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  readonly pauseMs: number;
  readonly answerMs: number;
  readonly book: PeerBook;
  readonly results: Pick<FetchResults, "head">;
  readonly onBroken: (error: unknown) => void;
}): HeadAsking {
  const { transport, clock, pauseMs, book, results } = options;
  const heads = new Map<string, AbortController>();
  const running = new Set<Promise<void>>();
  let isStopped = false;
  let turn = 0;
  let askedAt = Number.NEGATIVE_INFINITY;

  const askHead = async (peer: PeerName, known: Sequence, limit: AbortController) => {
    const since = clock.now();
    const response = await ask(options, peer, { type: "head", known }, limit);
    if (isStopped || response?.type !== "head") return;
    book.answered(peer, "small", clock.now() - since);
    book.height(peer, response.sequence);
    book.oldest(peer, response.oldest);
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
      .catch(options.onBroken)
      .finally(() => {
        running.delete(work);
        if (heads.get(name) === limit) heads.delete(name);
      });
    running.add(work);
  };

  return {
    ask(known, peer) {
      if (isStopped) return;
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
    async stop() {
      isStopped = true;
      for (const limit of heads.values()) limit.abort();
      await Promise.all(running);
    },
  };
}
