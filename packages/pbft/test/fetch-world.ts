import {
  type FinalizedBlock,
  type SyncRequest,
  type SyncResponse,
  toHex,
  toSequence,
  toTimestamp,
} from "@aethel/models";
import { createConfig } from "../src/config.ts";
import type { PacingParameters, PeerName } from "../src/index.ts";
import { createFetching } from "../src/replica/fetching.ts";
import { createState } from "../src/state.ts";
import { certifiedByAll } from "./commit-certificate.ts";
import { Counter } from "./counter.ts";
import { createEventQueue } from "./event-queue.ts";
import { createMembership, GENESIS } from "./keys.ts";

/** Answer of a peer to one request: when it comes, and what it is. */
export interface Answer {
  /** Beside the time on the way. Infinite: it never answers. */
  readonly delayMs: number;
  /**
   * `none`: it breaks off; `forged`, `hidden`: right blocks with wrong certificates, the last too.
   */
  readonly kind: "right" | "one" | "absent" | "forged" | "hidden" | "other" | "none";
}

/** One peer: its distance, and what it does with its requests in turn. Undefined: it is honest. */
export interface Peer {
  readonly oneWayMs: number;
  readonly answers?: readonly Answer[];
  /** Height that it claims; the true one if undefined. */
  readonly claims?: number;
}

/** Result of a run. */
export interface Fetched {
  /** Virtual milliseconds until all was there; infinite when it never was. */
  readonly tookMs: number;
  readonly requests: number;
  /** Requests for a head among these. */
  readonly heads: number;
  /** Blocks that were sent to the fetcher, each time they were. */
  readonly blocksSent: number;
  /** Most requests that one peer, and all together, had open at one time. */
  readonly mostOpen: number;
  readonly mostOpenInAll: number;
  readonly stopped: boolean;
}

export const fetchParameters: PacingParameters = {
  minBlockIntervalMs: 1_000,
  heartbeatIntervalMs: 0,
  maxDriftMs: 5_000,
  viewTimeoutMs: 5_000,
  viewTimeoutMaxMs: 60_000,
  judgingBoundMs: 20_000,
  disseminationBoundMs: 5_000,
  networkDelayMs: 1_000,
};

const GIVE_UP_MS = 600_000;
/** Time-out of the transport: p2p's `requestTimeoutMs`. */
const TRANSPORT_MS = 10_000;

/** A chain whose every block a quorum of four has signed. */
export function createChain(length: number): {
  readonly blocks: readonly FinalizedBlock[];
  readonly membership: ReturnType<typeof createMembership>;
} {
  const membership = createMembership([1, 1, 1, 1]);
  const { set, members } = membership;
  const counter = new Counter(GENESIS, set);
  for (let at = 1; at <= length; at++) {
    const proposer = members[0]?.id ?? counter.head.header.proposer;
    const block = counter.propose({
      sequence: toSequence(at),
      timestamp: toTimestamp(at),
      parentCertificate: counter.head.certificate,
      evidence: [],
      reason: "heartbeat",
      proposer,
    });
    if (block === undefined) throw new Error("a heartbeat has a block");
    const certificate = certifiedByAll(membership, block);
    counter.commit({ block, certificate });
  }
  return { blocks: counter.blocks, membership };
}

/** Catches up by the real fetcher, in virtual time, at peers who do what they are told. */
export async function catchUp(options: {
  readonly chain: ReturnType<typeof createChain>;
  readonly peers: readonly Peer[];
  readonly applyMs?: number;
  /** Milliseconds that the answer of a block takes beside the way. */
  readonly perBlockMs?: number;
  readonly giveUpMs?: number;
}): Promise<Fetched> {
  const { chain, peers, applyMs = 1, perBlockMs = 0.2, giveUpMs = GIVE_UP_MS } = options;
  const { blocks, membership } = chain;
  const length = blocks.length;
  const counter = new Counter(GENESIS, membership.set);
  const names = NAMES.slice(0, peers.length);
  const queue = createEventQueue();
  let now = 1_000;
  const after = (ms: number, run: () => void): (() => void) => {
    let isSet = true;
    queue.push(now + ms, () => isSet && run());
    return () => {
      isSet = false;
    };
  };
  const wait = (ms: number): Promise<void> => new Promise((resolve) => after(ms, resolve));
  const config = createConfig({
    genesis: GENESIS,
    id: membership.members[0]?.id ?? counter.head.header.proposer,
    parameters: fetchParameters,
  });
  let state = createState(config, counter.head);
  let [requests, heads, blocksSent, mostOpen, mostOpenInAll] = [0, 0, 0, 0, 0];
  const open = new Map<string, number>();
  const served = new Map<number, number>();

  const answerOf = (at: number, request: SyncRequest): SyncResponse => {
    const { claims = length } = peers[at] ?? {};
    if (request.type === "head") {
      return { type: "head", sequence: toSequence(claims), digest: GENESIS, oldest: toSequence(1) };
    }
    const absent = { type: "absent", head: toSequence(claims) } as const;
    if (request.type !== "blocks") return absent;
    const from = request.from - 1;
    const range = blocks.slice(from, from + request.count);
    return range.length === 0 ? absent : { type: "blocks", blocks: range };
  };
  const spoil = (response: SyncResponse, kind: Answer["kind"]): SyncResponse => {
    if (kind === "absent") return { type: "absent", head: toSequence(length) };
    if (response.type !== "blocks") return response;
    if (kind === "one") return { type: "blocks", blocks: response.blocks.slice(0, 1) };
    if (kind === "forged") return { type: "blocks", blocks: response.blocks.map(forge) };
    if (kind === "hidden") {
      const { length: count } = response.blocks;
      const spoilt = response.blocks.map((each, at) => (at === count - 1 ? each : forge(each)));
      return { type: "blocks", blocks: spoilt };
    }
    if (kind === "other") return { type: "blocks", blocks: response.blocks.toReversed() };
    return response;
  };
  const request = async (
    to: PeerName,
    asked: SyncRequest,
    signal: AbortSignal,
  ): Promise<SyncResponse> => {
    const at = names.findIndex((name) => toHex(name) === toHex(to));
    const peer = peers[at];
    if (peer === undefined) throw new Error("nobody of that name");
    requests += 1;
    if (asked.type === "head") heads += 1;
    const name = toHex(to);
    open.set(name, (open.get(name) ?? 0) + 1);
    mostOpen = Math.max(mostOpen, open.get(name) ?? 0);
    mostOpenInAll = Math.max(
      mostOpenInAll,
      [...open.values()].reduce((sum, of) => sum + of, 0),
    );
    const turn = served.get(at) ?? 0;
    served.set(at, turn + 1);
    const { answers } = peer;
    const plan = answers?.[turn % answers.length] ?? { delayMs: 0, kind: "right" };
    const { promise, resolve, reject } = Promise.withResolvers<SyncResponse>();
    const cancel = after(TRANSPORT_MS, () => reject(new Error("timed out")));
    signal.addEventListener("abort", () => reject(new Error("aborted")));
    const work = async (): Promise<void> => {
      // Heads are told by everybody at once: who lies about that would gain nothing by waiting.
      const isHead = asked.type === "head";
      if (!Number.isFinite(plan.delayMs) && !isHead) return;
      await wait(2 * peer.oneWayMs + (isHead ? 0 : plan.delayMs));
      if (plan.kind === "none" && !isHead) return reject(new Error("broken off"));
      const response = isHead ? answerOf(at, asked) : spoil(answerOf(at, asked), plan.kind);
      if (response.type === "blocks") {
        await wait(perBlockMs * response.blocks.length);
        if (!signal.aborted) blocksSent += response.blocks.length;
      }
      resolve(response);
    };
    void work();
    return promise.finally(() => {
      cancel();
      open.set(name, (open.get(name) ?? 0) - 1);
    });
  };

  const fetching = createFetching({
    config,
    options: { genesis: GENESIS, verify: membership.verify },
    transport: { request, peers: () => names },
    clock: { now: () => now, schedule: after },
    state: () => state,
    item: () => undefined,
    input: (occurrence) => {
      if (occurrence.type === "ahead") return fetching.fetchBlocks(occurrence.peer);
      if (occurrence.type !== "finalized") return;
      after(applyMs, () => {
        const head = counter.commit(occurrence.finalized);
        state = createState(config, head);
        fetching.moved();
      });
    },
    emit: () => {},
    onBroken: (error) => {
      throw error;
    },
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 12; turn++) await Promise.resolve();
  };
  const began = now;
  const isThere = (): boolean => counter.head.header.sequence >= length;
  const ask = (): void => {
    if (isThere()) return;
    fetching.askHeads(toSequence(counter.head.header.sequence));
    fetching.fetchBlocks(undefined);
    after(config.resendIntervalMs, ask);
  };
  ask();
  await settle();
  for (;;) {
    const next = queue.pop(began + giveUpMs);
    if (next === undefined || isThere()) break;
    now = Math.max(now, next.at);
    next.run();
    await settle();
  }
  const tookMs = isThere() ? now - began : Number.POSITIVE_INFINITY;
  let stopped = false;
  void fetching.stop().then(() => {
    stopped = true;
  });
  for (let turn = 0; turn < 50; turn++) await settle();
  return { tookMs, requests, heads, blocksSent, mostOpen, mostOpenInAll, stopped };
}

const NAMES: readonly PeerName[] = createMembership(
  Array.from({ length: 40 }, () => 1),
).members.map(({ id }) => id);

function forge({ block, certificate }: FinalizedBlock): FinalizedBlock {
  const { seal } = certificate;
  if (seal.type !== "ed25519") throw new Error("a seal of single signatures");
  const signatures = seal.signatures.map((signature) => signature.map((byte) => byte ^ 1));
  return {
    block,
    certificate: { ...certificate, seal: { ...seal, signatures: signatures as never } },
  };
}
