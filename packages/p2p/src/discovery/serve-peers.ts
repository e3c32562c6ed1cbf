import type { Connection, Stream } from "@libp2p/interface";
import type { DropReason } from "../events.ts";
import { encodeFrame } from "../framing/frames.ts";
import { readFrame } from "../framing/read-frame.ts";
import type { PeerLimits } from "../limits.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { createTokenBucket, type TokenBucket } from "../peers/token-bucket.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";
import { PeersAnswer, PeersRequest } from "./exchange-messages.ts";

/** Requests that one peer may send at once, in minutes' worth. */
const BURST_MINUTES = 0.5;

/** Answers a peer's requests for peers: one stream each, one frame each way. */
export function createServePeers(options: {
  readonly limits: DiscoveryLimits & Pick<PeerLimits, "requestTimeoutMs">;
  readonly sessions: Pick<Sessions, "settled">;
  readonly now: () => number;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
  /** Takes in the asker's own record. Returns false if it is not valid, or of another peer. */
  learnOwn(session: Session, record: Uint8Array): Promise<boolean>;
  records(session: Session, count: number): readonly Uint8Array[];
}): (stream: Stream, connection: Connection) => Promise<void> {
  const { limits, sessions, now, drop, fault } = options;
  // A budget stays with the peer's connections: see `PeerBudget`.
  const own = new WeakMap<object, TokenBucket>();
  const total = bucketOf(limits.totalAnswersPerMinuteMax, now);

  function pay(session: Session): boolean {
    const bucket = own.get(session.budget) ?? bucketOf(limits.answersPerMinuteMax, now);
    own.set(session.budget, bucket);
    return bucket.take(1) && total.take(1);
  }

  async function serve(stream: Stream, session: Session): Promise<void> {
    const signal = AbortSignal.timeout(limits.requestTimeoutMs);
    const bytes = await readFrame(stream, { bytesMax: PeersRequest.maxBytes, signal });
    const request = decode(bytes);
    if (request === undefined) return fault(session, "malformed");
    if (request.own.length > 0 && !(await options.learnOwn(session, request.own))) {
      return fault(session, "forged");
    }
    const count = Math.min(request.count, limits.recordsMax);
    const answer = PeersAnswer.encode({ records: options.records(session, count) });
    stream.send(encodeFrame(answer));
    await stream.close({ signal });
  }

  return async (stream, connection) => {
    const session = await sessions.settled(connection);
    if (session === undefined || !pay(session)) {
      if (session !== undefined) drop(session, "too-fast");
      stream.abort(new Error("not answered"));
      return;
    }
    try {
      await serve(stream, session);
      if (stream.status === "open") stream.abort(new Error("not answered"));
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

function bucketOf(perMinute: number, now: () => number): TokenBucket {
  const burst = Math.max(2, perMinute * BURST_MINUTES);
  return createTokenBucket({ ratePerSecond: perMinute / 60, burst, now });
}

function decode(bytes: Uint8Array): PeersRequest | undefined {
  try {
    return PeersRequest.decode(bytes);
  } catch {
    return undefined;
  }
}
