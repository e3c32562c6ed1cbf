import {
  type AccountId,
  type Digest,
  equalBytes,
  type FinalizedBlock,
  type ProofBlock,
  type Sequence,
  SYNC_BLOCKS_MAX,
  type SyncRequest,
  type SyncResponse,
  toHex,
} from "@aethel/models";
import type { Clock, PeerName, Transport } from "../ports.ts";
import { pause } from "./pause.ts";

/** What the fetcher found; nothing here is trusted before the replica has checked it. */
export interface FetchResults {
  /** True: the block is what was asked for, stop asking. */
  block(digest: Digest, block: ProofBlock): boolean;
  /** True: at least the first block is good, stop asking. */
  blocks(blocks: readonly FinalizedBlock[]): boolean;
  head(sequence: Sequence, peer: PeerName): void;
  /** A peer is ahead and keeps no block that we need. */
  pruned(peer: PeerName, head: Sequence): void;
}

/** Requests to peers, bounded: a few at a time, one for each purpose. */
export interface Fetcher {
  /**
   * Asks for a block until it is here. When too many are asked for, one that is not among `wanted`
   * is given up: leaders that withhold their blocks MUST NOT keep the others' from being asked for.
   */
  fetchBlock(digest: Digest, hint: AccountId | undefined, wanted: readonly Digest[]): void;
  fetchBlocks(from: Sequence, hint: AccountId | undefined): void;
  /** Asks `peer`, or some peers in turn, for their heads, and tells them ours. */
  askHeads(known: Sequence, peer?: PeerName): void;
  /** The sequence is over: its proposed blocks are not needed any more. */
  cancelBlocks(): void;
  /** Resolves when nothing is asked any more; whatever a transport still answers is dropped. */
  stop(): Promise<void>;
}

const HEADS_AT_ONCE = 3;
const HEADS_IN_FLIGHT_MAX = 16;
const BLOCKS_IN_FLIGHT_MAX = 4;

/** A fetcher over a transport. After `stop` it calls nothing any more. */
export function createFetcher(options: {
  readonly transport: Pick<Transport, "request" | "peers">;
  readonly clock: Clock;
  readonly pauseMs: number;
  /** A peer that takes longer than this is given up, even if the transport is not. */
  readonly answerMs: number;
  readonly results: FetchResults;
  /** Checking an answer threw: a bug of ours. */
  readonly onBroken: (error: unknown) => void;
}): Fetcher {
  const { transport, clock, pauseMs, answerMs, results, onBroken } = options;
  const stopping = new AbortController();
  const blocks = new Map<string, AbortController>();
  const heads = new Set<string>();
  const running = new Set<Promise<void>>();
  let catchingUp = false;
  let turn = 0;

  const start = (work: Promise<void>, onEnd: () => void): void => {
    const whole = work.catch(onBroken).finally(() => {
      running.delete(whole);
      onEnd();
    });
    running.add(whole);
  };

  const ask = async (
    peer: PeerName,
    request: SyncRequest,
    signal: AbortSignal,
  ): Promise<SyncResponse | undefined> => {
    if (signal.aborted) return undefined;
    const limit = new AbortController();
    const giveUp = (): void => limit.abort();
    signal.addEventListener("abort", giveUp);
    const cancel = clock.schedule(answerMs, giveUp);
    try {
      const answer = transport.request(peer, request, limit.signal);
      const response = await Promise.race([answer, aborted(limit.signal)]);
      return limit.signal.aborted ? undefined : response;
    } catch {
      // No answer is an answer: the next peer is asked.
      return undefined;
    } finally {
      cancel();
      signal.removeEventListener("abort", giveUp);
    }
  };

  const inTurn = (hint: AccountId | undefined): readonly PeerName[] => {
    const peers = transport.peers();
    turn += 1;
    const rotated = peers.map((_, at) => peers[(at + turn) % peers.length]);
    const others = rotated.filter((peer) => peer !== undefined && !isSame(peer, hint));
    return [...(hint === undefined ? [] : [hint]), ...others].filter((peer) => peer !== undefined);
  };

  const loopForBlock = async (
    digest: Digest,
    hint: AccountId | undefined,
    signal: AbortSignal,
  ): Promise<void> => {
    while (!signal.aborted) {
      for (const peer of inTurn(hint)) {
        const response = await ask(peer, { type: "block", digest }, signal);
        if (signal.aborted) return;
        if (response?.type === "block" && results.block(digest, response.block)) return;
      }
      await pause(clock, pauseMs, signal);
    }
  };

  const catchUp = async (from: Sequence, hint: AccountId | undefined): Promise<void> => {
    const { signal } = stopping;
    for (const peer of inTurn(hint)) {
      const request: SyncRequest = { type: "blocks", from, count: SYNC_BLOCKS_MAX };
      const response = await ask(peer, request, signal);
      if (signal.aborted) return;
      if (response?.type === "blocks" && results.blocks(response.blocks)) return;
      if (response?.type === "absent" && response.head >= from) {
        results.pruned(peer, response.head);
      }
    }
  };

  const askHead = async (peer: PeerName, known: Sequence): Promise<void> => {
    const response = await ask(peer, { type: "head", known }, stopping.signal);
    if (response?.type === "head" && response.sequence > known) {
      results.head(response.sequence, peer);
    }
  };

  const cancelBlocks = (): void => {
    for (const controller of blocks.values()) controller.abort();
    blocks.clear();
  };

  /** The oldest that nobody wants; of more wanted ones than there are places, the oldest. */
  const giveUpOne = (wanted: readonly string[]): void => {
    const names = [...blocks.keys()];
    const victim = names.find((name) => !wanted.includes(name)) ?? names[0];
    if (victim === undefined) return;
    blocks.get(victim)?.abort();
    blocks.delete(victim);
  };

  return {
    fetchBlock(digest, hint, wanted) {
      const name = toHex(digest);
      if (stopping.signal.aborted || blocks.has(name)) return;
      if (blocks.size >= BLOCKS_IN_FLIGHT_MAX) giveUpOne(wanted.map(toHex));
      const controller = new AbortController();
      blocks.set(name, controller);
      start(loopForBlock(digest, hint, controller.signal), () => {
        if (blocks.get(name) === controller) blocks.delete(name);
      });
    },
    fetchBlocks(from, hint) {
      if (catchingUp || stopping.signal.aborted) return;
      catchingUp = true;
      start(catchUp(from, hint), () => {
        catchingUp = false;
      });
    },
    askHeads(known, peer) {
      if (stopping.signal.aborted) return;
      const peers = peer === undefined ? inTurn(undefined).slice(0, HEADS_AT_ONCE) : [peer];
      for (const each of peers) {
        const name = toHex(each);
        if (heads.has(name) || heads.size >= HEADS_IN_FLIGHT_MAX) continue;
        heads.add(name);
        start(askHead(each, known), () => heads.delete(name));
      }
    },
    cancelBlocks,
    async stop() {
      cancelBlocks();
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function isSame(peer: PeerName, hint: AccountId | undefined): boolean {
  return hint !== undefined && equalBytes(peer, hint);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
    if (signal.aborted) resolve(undefined);
  });
}
