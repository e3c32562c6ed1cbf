import { SyncRequest } from "@aethel/models";
import { findRequestDefect } from "@aethel/pbft";
import type { Connection, Stream } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { encodeFrame } from "../framing/frames.ts";
import { readFrame } from "../framing/read-frame.ts";
import { createFairBudget, type FairBudget } from "../peers/fair-budget.ts";
import type { Session } from "../peers/sessions.ts";
import type { SyncExchangeOptions } from "./exchange-options.ts";
import { doPaid } from "./paid-work.ts";
import { encodeAnswer } from "./sync-answer.ts";

/** Handles one inbound stream: reads the request and sends the answer. */
export type Accept = (stream: Stream, connection: Connection) => Promise<void>;

type ServingOptions = Omit<SyncExchangeOptions, "protocol" | "refuse">;

/** Creates the side that answers the requests of peers. */
export function createServing(options: ServingOptions): Accept {
  const { limits, sessions } = options;
  const budgetsOf = createBudgets(options);
  return async (stream, connection) => {
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
      await serve(options, { stream, session, budgets: budgetsOf(session) });
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    } finally {
      session.budget.serving -= 1;
    }
  };
}

interface Served {
  readonly stream: Stream;
  readonly session: Session;
  readonly budgets: readonly FairBudget[];
}

async function serve(options: ServingOptions, served: Served): Promise<void> {
  const { limits } = options;
  const { stream, session, budgets } = served;
  // An asker that no longer wants the answer closes the stream, and its place is free again.
  const given = new AbortController();
  stream.addEventListener("close", () => given.abort(), { once: true });
  // The stream may have been closed before anybody listened.
  if (stream.status !== "open") given.abort();
  const signal = AbortSignal.any([AbortSignal.timeout(limits.requestTimeoutMs), given.signal]);
  // Reading a request is work too: nothing is read of a peer that is in debt.
  for (const budget of budgets) (await budget.reserve(0, signal))(0);
  const request = await readRequest(options, served, signal);
  const work = () => options.answer(request, session);
  const answer = await doPaid({ budgets, request, signal, work });
  const bytes = encodeAnswer(answer, limits.responseBytesMax);
  if (bytes === undefined) throw new Error("the answer is too large");
  stream.send(encodeFrame(bytes));
  await stream.close({ signal });
}

async function readRequest(
  options: ServingOptions,
  { stream, session }: Served,
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

/**
 * Creates the function that returns the budgets which pay for a request: the peer's own, and for a
 * peer that is no validator also the shared one. For the same bucket it always returns the same
 * budget, whose burst is the amount of two seconds.
 */
function createBudgets({
  limits,
  sessions,
  observers,
}: ServingOptions): (session: Session) => readonly FairBudget[] {
  const known = new WeakMap<object, FairBudget>();
  const ofAll = createFairBudget({
    bucket: observers.served,
    burst: 2 * limits.observersServedBytesPerSecondMax,
  });
  return (session) => {
    const bucket = session.budget.served;
    const burst = 2 * limits.servedBytesPerSecondMax;
    const own = known.get(bucket) ?? createFairBudget({ bucket, burst });
    known.set(bucket, own);
    return sessions.isGuest(session) ? [own, ofAll] : [own];
  };
}
