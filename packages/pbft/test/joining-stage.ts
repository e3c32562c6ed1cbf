import {
  type BlockHeader,
  blockDigest,
  type Digest,
  type FinalizedBlock,
  type SyncRequest,
  type SyncResponse,
  sha256,
  toAccountId,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import type { ApplicationHead, PeerName } from "../src/index.ts";
import type { Checkpoint } from "../src/joining/checkpoint.ts";
import { type Admission, Joining, type JoiningWiring } from "../src/joining/joining.ts";
import { steadyClock } from "../src/peers/steady-clock.ts";
import { Cluster } from "./cluster.ts";
import { Counter } from "./counter.ts";
import { createEventQueue } from "./event-queue.ts";
import { GENESIS } from "./keys.ts";
import { at } from "./rule-stage.ts";

const LENGTH = 6;
const START = 1_000_000;
/** Delays that the rule of joining is given. */
export const delays = { disseminationBoundMs: 100, networkDelayMs: 20, resendIntervalMs: 100 };

/** A few final blocks, and what a peer that has them answers. */
export interface ShortHistory {
  readonly blocks: readonly FinalizedBlock[];
  /** The head at index i is of sequence i. */
  readonly heads: readonly ApplicationHead[];
  readonly answer: (request: SyncRequest) => SyncResponse;
}

/** A history of six blocks; `offset` moves the time of those from the second on. */
function createHistory(offset: number): ShortHistory {
  const cluster = new Cluster({ scheme: "trusted" }).startAll();
  for (let goal = 1; goal <= LENGTH; goal++) {
    if (goal === 2) cluster.now += offset;
    cluster.work();
    const isReached = (): boolean => cluster.heights().every((height) => height >= goal);
    if (!cluster.run({ forMs: 60_000, until: isReached })) throw new Error("no progress");
  }
  const { blocks } = cluster.node(0).app;
  const counter = new Counter(GENESIS, cluster.membership.set);
  const heads = [counter.head, ...blocks.map((finalized) => counter.commit(finalized))];
  const answer = (request: SyncRequest): SyncResponse => {
    const absent = { type: "absent", head: toSequence(LENGTH) } as const;
    if (request.type === "headers") {
      const some = blocks.slice(Math.max(0, request.to - request.count), request.to);
      return { type: "headers", headers: some.map(({ block }) => block.header) };
    }
    if (request.type !== "blocks") return absent;
    const some = blocks.slice(request.from - 1, request.from - 1 + request.count);
    return some.length > 0 ? { type: "blocks", blocks: some } : absent;
  };
  return { blocks, heads, answer };
}

/** Two histories that differ from the second block on. */
export const [real, forged] = [createHistory(0), createHistory(500)];

/** Names of three peers. */
export const names: readonly PeerName[] = [1, 2, 3].map((byte) =>
  toAccountId(sha256(Uint8Array.of(byte))),
);

/** The checkpoint at a sequence of a history, stated just now. */
export function checkpointAt(sequence: number, history = real): Checkpoint {
  const { digest } = at(history.heads, sequence);
  return { sequence: toSequence(sequence), digest, statedAt: toTimestamp(START) };
}

/** Headers without blocks, each the parent of the next, above the head of genesis. */
export function createHeaders(length: number): {
  readonly checkpoint: Checkpoint;
  readonly answer: (request: SyncRequest) => SyncResponse;
} {
  const headers: BlockHeader[] = [];
  let digest: Digest = at(real.heads, 0).digest;
  for (let sequence = 1; sequence <= length; sequence++) {
    const { header } = at(real.heads, 0);
    headers.push({ ...header, sequence: toSequence(sequence), parent: digest });
    digest = blockDigest(at(headers, sequence - 1));
  }
  const statedAt = toTimestamp(START);
  return {
    checkpoint: { sequence: toSequence(length), digest, statedAt },
    answer(request) {
      if (request.type !== "headers") return { type: "absent", head: toSequence(length) };
      const { to, count } = request;
      return { type: "headers", headers: headers.slice(Math.max(0, to - count), to) };
    },
  };
}

/** Answers a request, now or later. */
export type Answer = (request: SyncRequest) => SyncResponse | Promise<SyncResponse>;

/** A request that was made of a peer, in milliseconds from the start. */
export interface Asked {
  readonly peer: PeerName;
  readonly request: SyncRequest;
  readonly atMs: number;
  readonly signal: AbortSignal;
}

/** The rule of joining alone, on virtual time, long after the histories were made. */
export interface JoiningStage {
  readonly joining: Joining;
  readonly asked: readonly Asked[];
  readonly news: readonly string[];
  /** Number of times that something that waits was told to try again. */
  readonly changes: () => number;
  readonly pass: (ms: number) => Promise<void>;
  /** Validates the block of a sequence, on the real history's head before it. */
  readonly admit: (sequence: number, history?: ShortHistory) => Admission;
}

/** Stage with peers of which each answers as `answers` says, in their order, or hangs. */
export function createJoiningStage(
  given: Partial<JoiningWiring> & {
    readonly peers?: () => readonly PeerName[];
    readonly answers?: readonly Answer[];
  } = {},
): JoiningStage {
  const { peers = () => names, answers = [], ...wiring } = given;
  const queue = createEventQueue();
  const [asked, news]: [Asked[], string[]] = [[], []];
  let [now, changes] = [START, 0];
  const hanging: Answer = () => new Promise(() => {});
  const joining = new Joining({
    options: {},
    genesis: GENESIS,
    verify: () => true,
    head: at(real.heads, 0),
    transport: {
      peers,
      request: async (peer, request, signal) => {
        asked.push({ peer, request, atMs: now - START, signal });
        return (answers[names.indexOf(peer)] ?? hanging)(request);
      },
    },
    clock: steadyClock({
      now: () => now,
      schedule(delayMs, action) {
        let isOpen = true;
        queue.push(now + delayMs, () => isOpen && action());
        return () => {
          isOpen = false;
        };
      },
    }),
    config: delays,
    onBroken: (error) => {
      throw error;
    },
    emit: ({ state }) => news.push(state),
    onChange: () => {
      changes += 1;
    },
    ...wiring,
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms: number): Promise<void> => {
    const end = now + ms;
    await settle();
    for (let next = queue.pop(end); next !== undefined; next = queue.pop(end)) {
      now = Math.max(now, next.at);
      next.run();
      await settle();
    }
    now = end;
  };
  const admit = (sequence: number, history = real): Admission =>
    joining.admit(at(history.blocks, sequence - 1), at(real.heads, sequence - 1));
  return { joining, asked, news, changes: () => changes, pass, admit };
}
