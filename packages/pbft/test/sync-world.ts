import {
  blockDigest,
  equalBytes,
  type SnapshotHead,
  type SyncRequest,
  type SyncResponse,
  toHex,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import {
  type Checkpoint,
  createSnapshotSync,
  type PathRange,
  type PeerName,
  type SnapshotSink,
  type SnapshotSyncEvent,
  type SnapshotSyncLimits,
  type SnapshotSyncResult,
} from "../src/index.ts";
import { createEventQueue } from "./event-queue.ts";
import { createMembership, GENESIS } from "./keys.ts";
import {
  createSyncChain,
  GENESIS_MS,
  INTERVAL_MS,
  isChunkOf,
  type SyncChain,
  verify,
} from "./sync-chain.ts";
import { type Liar, lie } from "./sync-liar.ts";

/** Time-out of the transport: p2p's `requestTimeoutMs`. */
const TRANSPORT_MS = 10_000;
const SNAPSHOTS = [400, 500] as const;

export const chain = createSyncChain({
  length: 600,
  changes: [90, 210, 330, 450, 560],
  chunks: 40,
});
/** Chain of other keys from the same genesis hash, as an attacker would make it. */
export const otherChain = createSyncChain({
  length: 600,
  changes: [100, 200],
  chunks: 40,
  first: 10,
});

/** Blocks of other keys, each with the parent of the true block. */
export const twins = createSyncChain({
  length: 600,
  changes: [100, 200],
  chunks: 40,
  first: 10,
  parents: chain,
});

const NAMES: readonly PeerName[] = createMembership(
  Array.from({ length: 40 }, () => 1),
).members.map(({ id }) => id);

/** One peer. Without a liar it is honest. */
export interface SyncPeer {
  readonly oneWayMs: number;
  readonly liar?: Liar | undefined;
  /** Snapshots that it serves. */
  readonly snapshots?: readonly number[];
  /** Its head. */
  readonly height?: number;
}

/** Result of a sync in the world. */
export interface Synced {
  readonly result: SnapshotSyncResult | { readonly type: "time-out" };
  readonly tookMs: number;
  readonly requests: number;
  readonly events: readonly SnapshotSyncEvent[];
  readonly sink: TestSink;
}

/** Receiver of the toy state. */
export interface TestSink extends SnapshotSink {
  readonly finished: () => SnapshotHead | undefined;
  readonly accepted: () => number;
}

/** Creates a receiver that keeps which chunks are accepted, also for a later sync. */
export function createTestSink(): TestSink {
  let head: SnapshotHead | undefined;
  let isFinished = false;
  let accepted = 0;
  const done = new Set<string>();
  const missing = (): readonly PathRange[] =>
    chain.paths.flatMap((from, at) => {
      const next = chain.paths[at + 1];
      const to = next === undefined ? new Uint8Array(32).fill(0xff) : next;
      return done.has(toHex(from)) ? [] : [{ from, to }];
    });
  return {
    unfinished: () => (isFinished ? undefined : head?.header.sequence),
    async begin(begun) {
      const same = head && equalBytes(blockDigest(head.header), blockDigest(begun.header));
      if (same !== true) done.clear();
      head = begun;
      return missing();
    },
    async accept(from, chunk) {
      if (head === undefined) throw new Error("not begun");
      const root = head.header.application;
      if (!isChunkOf(chain, { root, from, chunk })) return { type: "refused", reason: "proof" };
      if (done.has(toHex(from))) return { type: "repeated" };
      done.add(toHex(from));
      accepted += 1;
      return { type: "accepted", entries: 1, bytes: chunk.length };
    },
    missing,
    async finish() {
      if (missing().length > 0) throw new Error("chunks are missing");
      isFinished = true;
    },
    finished: () => (isFinished ? head : undefined),
    accepted: () => accepted,
  };
}

/** Returns the checkpoint of the true chain at a sequence. */
export function checkpointAt(sequence: number, of: SyncChain = chain): Checkpoint {
  const statedAt = toTimestamp(GENESIS_MS + 600 * INTERVAL_MS);
  return { sequence: toSequence(sequence), digest: blockDigest(of.headerAt(sequence)), statedAt };
}

/** Runs a sync in virtual time. */
export async function syncWith(options: {
  readonly peers: readonly SyncPeer[];
  readonly checkpoint?: Checkpoint | undefined;
  readonly unbondingMs?: number;
  readonly limits?: Partial<SnapshotSyncLimits>;
  readonly sink?: TestSink;
  readonly giveUpMs?: number;
  /** Called at each event, with a way to end the sync. */
  readonly onEvent?: (event: SnapshotSyncEvent, abort: () => void) => void;
}): Promise<Synced> {
  const { peers, checkpoint, unbondingMs = 10_000_000, giveUpMs = 3_600_000 } = options;
  const sink = options.sink ?? createTestSink();
  const names = NAMES.slice(0, peers.length);
  const queue = createEventQueue();
  const began = GENESIS_MS + 601 * INTERVAL_MS;
  let [now, requests] = [began, 0];
  const after = (ms: number, run: () => void): (() => void) => {
    let isSet = true;
    queue.push(now + ms, () => isSet && run());
    return () => {
      isSet = false;
    };
  };
  const turns = new Map<string, number>();
  const request = (
    to: PeerName,
    asked: SyncRequest,
    signal: AbortSignal,
  ): Promise<SyncResponse> => {
    requests += 1;
    const at = names.findIndex((name) => equalBytes(name, to));
    const peer = peers[at];
    if (peer === undefined) throw new Error("nobody of that name");
    const { promise, resolve, reject } = Promise.withResolvers<SyncResponse>();
    const cancel = after(TRANSPORT_MS, () => reject(new Error("timed out")));
    signal.addEventListener("abort", () => reject(new Error("aborted")));
    const plan = deedOf(peer, asked, turns, at);
    const lateMs = plan.how === "drip" ? TRANSPORT_MS - 200 : plan.lateMs;
    if (plan.how !== "hang") {
      after(2 * peer.oneWayMs + lateMs, () => {
        if (plan.how === "break") return reject(new Error("broken off"));
        const right = answerOf(chain, peer, asked);
        const other = answerOf(plan.how === "twin" ? twins : otherChain, peer, asked);
        resolve(lie(plan.how, { right, other, chain, request: asked }));
      });
    }
    return promise.finally(cancel);
  };
  const events: SnapshotSyncEvent[] = [];
  const stopping = new AbortController();
  let ended: Synced["result"] | undefined;
  let failure: unknown;
  const sync = createSnapshotSync({
    genesis: GENESIS,
    own: chain.genesis,
    checkpoint,
    parameters: { minBlockIntervalMs: INTERVAL_MS, unbondingMs },
    transport: { request, peers: () => names },
    clock: { now: () => now, schedule: after },
    sink,
    verify,
    limits: { blockMs: 1_000, ...options.limits },
    onEvent(event) {
      events.push(event);
      options.onEvent?.(event, () => stopping.abort());
    },
  });
  const running = sync.run(stopping.signal).then(
    (result) => {
      ended = result;
    },
    (error: unknown) => {
      failure = error;
      ended = { type: "time-out" };
    },
  );
  await settle();
  while (ended === undefined) {
    const next = queue.pop(began + giveUpMs);
    if (next === undefined) break;
    now = Math.max(now, next.at);
    next.run();
    await settle();
  }
  const tookMs = now - began;
  if (ended === undefined) {
    stopping.abort();
    await settle();
    return { result: { type: "time-out" }, tookMs, requests, events, sink };
  }
  await running;
  if (failure !== undefined) throw failure;
  return { result: ended, tookMs, requests, events, sink };
}

/** Lets all that is ready run. */
function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function deedOf(
  { liar }: SyncPeer,
  { type }: SyncRequest,
  turns: Map<string, number>,
  at: number,
): Liar["head"][number] {
  if (liar === undefined) return { how: "right", lateMs: 0 };
  const name = `${at} ${type}`;
  const turn = turns.get(name) ?? 0;
  turns.set(name, turn + 1);
  const deeds = liar[type];
  return deeds[Math.min(turn, deeds.length - 1)] ?? { how: "hang", lateMs: 0 };
}

/** Answers as an honest peer of a chain does. */
function answerOf(of: SyncChain, peer: SyncPeer, request: SyncRequest): SyncResponse {
  const { snapshots = SNAPSHOTS, height = of.length } = peer;
  const absent = { type: "absent", head: toSequence(height) } as const;
  switch (request.type) {
    case "head": {
      const digest = blockDigest(of.headerAt(height));
      return { type: "head", sequence: toSequence(height), digest, oldest: toSequence(550) };
    }
    case "headers": {
      if (request.to > height) return absent;
      const first = Math.max(1, request.to - request.count + 1);
      const headers = Array.from({ length: request.to - first + 1 }, (_, at) =>
        of.headerAt(first + at),
      );
      return { type: "headers", headers };
    }
    case "updates": {
      const later = [...of.changes.filter((at) => at < height), height].filter(
        (at) => at > request.after,
      );
      if (later.length === 0) return absent;
      return { type: "updates", updates: later.map((at) => of.updateAt(at)) };
    }
    case "snapshots": {
      const offers = snapshots.map((at) => ({
        sequence: toSequence(at),
        digest: blockDigest(of.headerAt(at)),
        entries: 40,
        bytes: 100_000,
      }));
      return {
        type: "snapshots",
        offers: offers.filter(({ sequence }) => sequence >= request.from),
      };
    }
    case "snapshot-head": {
      if (!snapshots.includes(request.sequence)) return absent;
      return { type: "snapshot-head", head: of.headOf(request.sequence) };
    }
    case "snapshot-chunk": {
      const isThere = snapshots.includes(request.sequence);
      const chunk = isThere ? of.chunkAt(request.sequence, request.from) : undefined;
      return chunk === undefined ? absent : { type: "snapshot-chunk", chunk };
    }
    case "block":
    case "blocks":
    case "items":
    case "evidence":
    case "signed-head":
      return absent;
  }
}
