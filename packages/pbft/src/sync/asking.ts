import { type SyncRequest, type SyncResponse, toHex } from "@aethel/models";
import type { Running } from "../peers/errand.ts";
import { createErrands, type Errands } from "../peers/errands.ts";
import { createPeerBook } from "../peers/peer-book.ts";
import type { AnswerKind } from "../peers/peer-pages.ts";
import type { SteadyClock } from "../peers/steady-clock.ts";
import type { PeerName, Transport } from "../ports.ts";
import type { AttemptFailed, SnapshotSyncEvent } from "./sync-event.ts";
import type { SnapshotSyncLimits } from "./sync-options.ts";

/** Requests of a sync. */
export type SyncQuestion = Extract<
  SyncRequest,
  { readonly type: "updates" | "headers" | "snapshots" | "snapshot-head" | "snapshot-chunk" }
>;

/** Judgement of an answer. */
export type Judged<T> =
  | { readonly type: "taken"; readonly value: T }
  /** The peer does not have what was requested, which is no fault. */
  | { readonly type: "useless" }
  /** No honest peer gives this answer. */
  | { readonly type: "wrong"; readonly reason: string };

/** Question that any of several peers can answer. */
export interface Question<T> {
  readonly request: SyncQuestion;
  readonly kind: AnswerKind;
  /** Whether a second peer is asked even before the first one is late. */
  readonly isUrgent: boolean;
  readonly mayAsk?: (peer: PeerName) => boolean;
  /** Checks an answer. An answer of the type `absent` is not passed to it. */
  readonly judge: (response: SyncResponse, peer: PeerName) => Judged<T> | Promise<Judged<T>>;
  /** Handles that a peer no longer serves the snapshot. */
  readonly onGone?: (peer: PeerName) => void;
}

/** Asks peers, one after the other and several at once, and passes over those that lie. */
export interface Asking {
  /**
   * Asks until one answer is taken. Resolves to undefined if every peer was asked and none gave a
   * usable answer. It resolves within a bounded time for each peer.
   */
  ask<T>(question: Question<T>): Promise<{ readonly value: T } | undefined>;
  /** Passes a peer over for the rest of the sync. */
  exclude(peer: PeerName): void;
  isExcluded(peer: PeerName): boolean;
  /** Returns the peers that may be asked. If all have lied, they are all given another chance. */
  peers(): readonly PeerName[];
  /** Cancels all questions. Resolves when no request is pending. */
  stop(): Promise<void>;
}

/** Parts of a sync that asking uses. */
export interface AskingOptions {
  readonly transport: Pick<Transport, "request" | "peers" | "blame">;
  readonly clock: SteadyClock;
  readonly limits: SnapshotSyncLimits;
  readonly emit: (event: SnapshotSyncEvent) => void;
  /** Called when checking an answer throws, which is a bug in this program. */
  readonly onBroken: (error: unknown) => void;
  readonly signal: AbortSignal;
}

interface AskingWorld extends AskingOptions {
  readonly errands: Errands;
  readonly excluded: Set<string>;
}

/** Answer, and the peer that gave it. */
interface Answered {
  readonly response: SyncResponse;
  readonly peer: PeerName;
}

/** Creates the part that asks peers. */
export function createAsking(options: AskingOptions): Asking {
  const { transport, clock, limits, onBroken, signal } = options;
  const book = createPeerBook({
    now: () => clock.elapsed(),
    count: () => transport.peers().length,
    initialMs: limits.usualAnswerMs,
    passOverMs: limits.pauseMs,
    passOverMaxMs: 8 * limits.answerMs,
  });
  const { answerMs } = limits;
  const steady = { ...clock, now: () => clock.elapsed() };
  const errands = createErrands({ transport, clock: steady, book, answerMs, onBroken });
  const excluded = new Set<string>();
  const world: AskingWorld = { ...options, errands, excluded };
  const exclude = (peer: PeerName): void => {
    excluded.add(toHex(peer));
    book.distrust(peer);
    transport.blame?.(peer);
  };
  return {
    async ask<T>(question: Question<T>) {
      const asked = new Set<string>();
      while (!signal.aborted) {
        const answer = await answerOf(world, question, asked);
        if (answer === undefined || signal.aborted) return undefined;
        const { response, peer } = answer;
        const judged = await question.judge(response, peer);
        if (judged.type === "taken") return { value: judged.value };
        if (judged.type === "useless") continue;
        exclude(peer);
        tell(world, { question, peer, cause: "wrong", reason: judged.reason });
      }
      return undefined;
    },
    exclude,
    isExcluded: (peer) => excluded.has(toHex(peer)),
    peers() {
      const all = transport.peers();
      const honest = all.filter((peer) => !excluded.has(toHex(peer)));
      if (honest.length > 0 || all.length === 0) return honest;
      // Every peer has lied, or this node's own storage is at fault: nothing is lost by a new try.
      excluded.clear();
      return all;
    },
    stop: () => errands.stop(),
  };
}

/** Gets one answer that is not `absent`, from a peer that was not asked yet. */
function answerOf<T>(
  world: AskingWorld,
  question: Question<T>,
  asked: Set<string>,
): Promise<Answered | undefined> {
  const { errands, excluded, signal } = world;
  const { request, kind, isUrgent, mayAsk } = question;
  const { promise, resolve } = Promise.withResolvers<Answered | undefined>();
  let running: Running | undefined;
  const abort = (): void => {
    running?.cancel();
    resolve(undefined);
  };
  signal.addEventListener("abort", abort, { once: true });
  running = errands.run({
    request,
    kind,
    isUrgent: () => isUrgent,
    mayAsk: (peer) =>
      !excluded.has(toHex(peer)) && !asked.has(toHex(peer)) && (mayAsk?.(peer) ?? true),
    take(response, peer) {
      asked.add(toHex(peer));
      if (response.type === "absent") {
        tellGone(world, question, peer);
        return "useless";
      }
      resolve({ response, peer });
      return "done";
    },
    exhausted(openCount) {
      if (openCount > 0) return false;
      resolve(undefined);
      return true;
    },
    failed(peer, cause) {
      if (cause === "no-answer") asked.add(toHex(peer));
      const reason =
        cause === "late" ? "other peers usually answer sooner" : "it gave no answer in time";
      tell(world, { question, peer, cause, reason });
    },
  });
  if (signal.aborted) abort();
  return promise.finally(() => signal.removeEventListener("abort", abort));
}

function tellGone<T>(world: AskingWorld, question: Question<T>, peer: PeerName): void {
  if (question.onGone === undefined) return;
  question.onGone(peer);
  tell(world, { question, peer, cause: "gone", reason: "it does not have the snapshot any more" });
}

function tell<T>(
  { emit }: AskingWorld,
  failure: Pick<AttemptFailed, "peer" | "cause" | "reason"> & { readonly question: Question<T> },
): void {
  const { question, peer, cause, reason } = failure;
  const { request } = question;
  const chunk = request.type === "snapshot-chunk" ? toHex(request.from) : undefined;
  emit({ type: "attempt-failed", peer, request: request.type, chunk, cause, reason });
}
