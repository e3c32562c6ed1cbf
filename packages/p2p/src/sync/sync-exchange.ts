import { SyncRequest, SyncResponse } from "@aethel/models";
import { findRequestDefect } from "@aethel/pbft";
import type { Connection, Stream } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import type { DropReason, RefusalReason } from "../events.ts";
import { encodeFrame } from "../framing/frames.ts";
import { readFrame } from "../framing/read-frame.ts";
import type { PeerLimits } from "../limits.ts";
import type { ObserversBudget } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import type { TokenBucket } from "../peers/token-bucket.ts";
import { createFairBudget, type FairBudget } from "./fair-budget.ts";
import { doPaid } from "./paid-work.ts";
import { answerBytesMax, claimedHeight, encodeAnswer, findAnswerDefect } from "./sync-answer.ts";

/** Requests and answers between two peers: a stream for each, one frame each way. */
export interface SyncExchange {
  /** Asks a peer. @throws P2pError `BUSY`, `NO_ANSWER` or `BAD_ANSWER` */
  ask(session: Session, request: SyncRequest, signal: AbortSignal): Promise<SyncResponse>;
  /** Serves one inbound stream. */
  readonly accept: (stream: Stream, connection: Connection) => Promise<void>;
}

/** Parts of the transport that the exchange uses. */
export interface SyncExchangeOptions {
  readonly protocol: string;
  readonly limits: PeerLimits;
  readonly sessions: Sessions;
  readonly observers: ObserversBudget;
  /** Answers a request; undefined while no handler is attached. */
  answer(request: SyncRequest, session: Session): Promise<SyncResponse> | undefined;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
  readonly refuse: (session: Session, reason: RefusalReason) => void;
}

/** Creates a `SyncExchange`. */
export function createSyncExchange(options: SyncExchangeOptions): SyncExchange {
  const { limits, protocol, sessions } = options;
  const budgets = new WeakMap<TokenBucket, FairBudget>();

  async function exchange(session: Session, request: SyncRequest, signal: AbortSignal) {
    const { connection, budget } = session;
    const stream = await connection.newStream(protocol, { signal, negotiateFully: false });
    let bytes = 0;
    // Each of several concurrent answers may be large, but not all of them at once.
    const onBytes = (count: number): boolean => {
      bytes += count;
      budget.incoming += count;
      return budget.incoming <= 2 * limits.responseBytesMax;
    };
    try {
      const bytesMax = Math.min(limits.responseBytesMax, answerBytesMax(request));
      const answer = readFrame(stream, { bytesMax, signal, onBytes });
      stream.send(encodeFrame(SyncRequest.encode(request)));
      return await answer;
    } finally {
      budget.incoming -= bytes;
      // An answer that is no longer wanted must not go on taking the line.
      if (signal.aborted) stream.abort(new Error("not wanted any more"));
      else closeSoon(stream, signal);
    }
  }

  async function ask(
    session: Session,
    request: SyncRequest,
    signal: AbortSignal,
  ): Promise<SyncResponse> {
    const { peer, budget } = session;
    const requestsMax = limits.requestsPerPeerMax;
    if (budget.asking >= requestsMax) throw new P2pError({ code: "BUSY", peer, requestsMax });
    // Answers to concurrent requests may overtake each other: the height must only reach what was
    // known at the time of the request.
    const heightBefore = budget.height;
    budget.asking += 1;
    let bytes: Uint8Array;
    try {
      const timeout = AbortSignal.timeout(limits.requestTimeoutMs);
      bytes = await exchange(session, request, AbortSignal.any([signal, timeout]));
    } catch (cause) {
      if (cause instanceof P2pError && cause.fault.code === "OVERSIZE") {
        options.fault(session, "oversize");
      }
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new P2pError({ code: "NO_ANSWER", peer, reason }, { cause });
    } finally {
      budget.asking -= 1;
    }
    return check(session, request, bytes, heightBefore);
  }

  function check(
    session: Session,
    request: SyncRequest,
    bytes: Uint8Array,
    heightBefore: number,
  ): SyncResponse {
    const { peer, budget } = session;
    const response = decodeResponse(bytes);
    const defect = response === undefined ? "not a response" : findAnswerDefect(request, response);
    if (response === undefined || defect !== undefined) {
      options.fault(session, "malformed");
      throw new P2pError({ code: "BAD_ANSWER", peer, reason: defect ?? "not a response" });
    }
    const height = claimedHeight(response);
    if (height !== undefined && height < heightBefore) {
      options.refuse(session, "height-decreased");
      const reason = `its height fell from ${heightBefore} to ${height}`;
      throw new P2pError({ code: "BAD_ANSWER", peer, reason });
    }
    budget.height = Math.max(budget.height, height ?? 0);
    return response;
  }

  async function accept(stream: Stream, connection: Connection): Promise<void> {
    const session = await sessions.settled(connection);
    if (session === undefined) {
      stream.abort(new Error("no handshake"));
      return;
    }
    if (session.budget.serving >= limits.requestsPerPeerMax) {
      options.drop(session, "too-fast");
      stream.abort(new Error("too many requests at once"));
      return;
    }
    session.budget.serving += 1;
    try {
      await serve(stream, session);
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    } finally {
      session.budget.serving -= 1;
    }
  }

  async function serve(stream: Stream, session: Session): Promise<void> {
    // An asker that no longer wants the answer closes the stream, and its place is free again.
    const given = new AbortController();
    stream.addEventListener("close", () => given.abort(), { once: true });
    // The stream may have been closed before anybody listened.
    if (stream.status !== "open") given.abort();
    const signal = AbortSignal.any([AbortSignal.timeout(limits.requestTimeoutMs), given.signal]);
    const paying = budgetsOf(session);
    // Reading a request is work too: nothing is read of a peer that is in debt.
    for (const budget of paying) (await budget.reserve(0, signal))(0);
    const request = await readRequest(stream, session, signal);
    const work = () => options.answer(request, session);
    const answer = await doPaid({ budgets: paying, request, signal, work });
    const bytes = encodeAnswer(answer, limits.responseBytesMax);
    if (bytes === undefined) throw new Error("the answer is too large");
    stream.send(encodeFrame(bytes));
    await stream.close({ signal });
  }

  /** Returns the budgets that pay for a request: the peer's own, and the one of all observers. */
  function budgetsOf(session: Session): readonly FairBudget[] {
    const own = fair(session.budget.served, limits.servedBytesPerSecondMax);
    if (sessions.nameOf(session) !== undefined) return [own];
    return [own, fair(options.observers.served, limits.observersServedBytesPerSecondMax)];
  }

  /** Returns the budget over a bucket, which holds two seconds' worth; always the same one. */
  function fair(bucket: TokenBucket, ratePerSecond: number): FairBudget {
    const known = budgets.get(bucket);
    if (known !== undefined) return known;
    const budget = createFairBudget({ bucket, burst: 2 * ratePerSecond });
    budgets.set(bucket, budget);
    return budget;
  }

  async function readRequest(
    stream: Stream,
    session: Session,
    signal: AbortSignal,
  ): Promise<SyncRequest> {
    try {
      const bytesMax = SyncRequest.maxBytes;
      const request = SyncRequest.decode(await readFrame(stream, { bytesMax, signal }));
      const defect = findRequestDefect(request);
      if (defect === undefined) return request;
      throw new Error(defect);
    } catch (error) {
      const cutOff = error instanceof P2pError && error.fault.code === "CUT_OFF";
      if (!cutOff) options.fault(session, "malformed");
      throw error;
    }
  }

  return { ask, accept };
}

function decodeResponse(bytes: Uint8Array): SyncResponse | undefined {
  try {
    return SyncResponse.decode(bytes);
  } catch {
    return undefined;
  }
}

function closeSoon(stream: Stream, signal: AbortSignal): void {
  stream.close({ signal }).catch((error: unknown) => {
    stream.abort(error instanceof Error ? error : new Error(String(error)));
  });
}
