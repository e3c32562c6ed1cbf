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
  fetchBlock(digest: Digest, hint: AccountId | undefined): void;
  fetchBlocks(from: Sequence, hint: AccountId | undefined): void;
  /** Asks `peer`, or some peers in turn, for their heads, and tells them ours. */
  askHeads(known: Sequence, peer?: PeerName): void;
  /** The sequence is over: its proposed blocks are not needed any more. */
  cancelBlocks(): void;
  stop(): void;
}

const HEADS_AT_ONCE = 3;
const HEADS_IN_FLIGHT_MAX = 16;
const BLOCKS_IN_FLIGHT_MAX = 4;

/** A fetcher over a transport. After `stop` it calls nothing any more. */
export function createFetcher(options: {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly pauseMs: number;
  readonly results: FetchResults;
}): Fetcher {
  const { transport, clock, pauseMs, results } = options;
  const stopping = new AbortController();
  const blocks = new Map<string, AbortController>();
  const heads = new Set<string>();
  let catchingUp = false;
  let turn = 0;

  const ask = async (
    peer: PeerName,
    request: SyncRequest,
    signal: AbortSignal,
  ): Promise<SyncResponse | undefined> => {
    try {
      const response = await transport.request(peer, request, signal);
      return signal.aborted ? undefined : response;
    } catch {
      // No answer is an answer: the next peer is asked.
      return undefined;
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
        if (signal.aborted) return;
        const response = await ask(peer, { type: "block", digest }, signal);
        if (response?.type === "block" && results.block(digest, response.block)) return;
      }
      await pause(clock, pauseMs, signal);
    }
  };

  const catchUp = async (from: Sequence, hint: AccountId | undefined): Promise<void> => {
    const { signal } = stopping;
    for (const peer of inTurn(hint)) {
      if (signal.aborted) return;
      const request: SyncRequest = { type: "blocks", from, count: SYNC_BLOCKS_MAX };
      const response = await ask(peer, request, signal);
      if (response?.type === "blocks" && results.blocks(response.blocks)) return;
      if (response?.type === "absent" && response.head >= from) {
        results.pruned(peer, response.head);
      }
    }
  };

  const askHead = async (peer: PeerName, known: Sequence): Promise<void> => {
    const name = toHex(peer);
    if (heads.has(name) || heads.size >= HEADS_IN_FLIGHT_MAX) return;
    heads.add(name);
    const response = await ask(peer, { type: "head", known }, stopping.signal);
    heads.delete(name);
    if (response?.type === "head" && response.sequence > known) {
      results.head(response.sequence, peer);
    }
  };

  return {
    fetchBlock(digest, hint) {
      const name = toHex(digest);
      if (stopping.signal.aborted || blocks.has(name) || blocks.size >= BLOCKS_IN_FLIGHT_MAX)
        return;
      const controller = new AbortController();
      blocks.set(name, controller);
      void loopForBlock(digest, hint, controller.signal).then(() => {
        if (blocks.get(name) === controller) blocks.delete(name);
      });
    },
    fetchBlocks(from, hint) {
      if (catchingUp || stopping.signal.aborted) return;
      catchingUp = true;
      void catchUp(from, hint).then(() => {
        catchingUp = false;
      });
    },
    askHeads(known, peer) {
      const peers = peer === undefined ? inTurn(undefined).slice(0, HEADS_AT_ONCE) : [peer];
      for (const each of peers) void askHead(each, known);
    },
    cancelBlocks() {
      for (const controller of blocks.values()) controller.abort();
      blocks.clear();
    },
    stop() {
      this.cancelBlocks();
      stopping.abort();
    },
  };
}

function isSame(peer: PeerName, hint: AccountId | undefined): boolean {
  return hint !== undefined && equalBytes(peer, hint);
}

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(delayMs, resolve);
    signal.addEventListener("abort", () => {
      cancel();
      resolve();
    });
  });
}
