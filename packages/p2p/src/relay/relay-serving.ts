import { equalBytes, toHex } from "@aethel/models";
import type { Connection, Stream } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import { encodeFrame } from "../framing/frames.ts";
import { readFrame } from "../framing/read-frame.ts";
import type { Session } from "../peers/sessions.ts";
import { createTokenBucket, type TokenBucket } from "../peers/token-bucket.ts";
import { encodeAnswer } from "../sync/sync-answer.ts";
import { passOn } from "./relay-asking.ts";
import type { RelayOptions } from "./relay-options.ts";
import {
  isRequestSigned,
  type RelayedRequest,
  RelayFrame,
  relayedAnswer,
  signableAnswer,
} from "./relayed-request.ts";

/** Most relayed requests of one peer that are in progress. */
const OPEN_MAX = 32;
/** Nonces that are remembered, so that nobody repeats a request of somebody else. */
const NONCES_MAX = 16_384;
/** Cost of a request beside its answer, in bytes that are served. */
const REQUEST_COST = 131_072;

/** Creates the side that answers relayed requests, or passes them on to and from private validators. */
export function createRelayServing(
  options: RelayOptions,
): (stream: Stream, connection: Connection) => Promise<void> {
  const { limits, sessions } = options;
  const open = new WeakMap<object, { count: number }>();
  const take = createShares(options);
  const seen = new Set<string>();

  async function answer(asked: RelayedRequest): Promise<Uint8Array> {
    const self = options.self();
    const nonce = toHex(asked.nonce);
    if (self === undefined || seen.has(nonce)) throw new Error("not to be answered here");
    seen.add(nonce);
    const [oldest] = seen;
    if (seen.size > NONCES_MAX && oldest !== undefined) seen.delete(oldest);
    const response = await options.answer(asked.request, asked.from);
    const bytes = response && encodeAnswer(response, limits.responseBytesMax);
    if (bytes === undefined) throw new Error("there is no answer that fits");
    const signature = self.signer.sign(signableAnswer(options.genesis, asked, bytes));
    return relayedAnswer(limits.responseBytesMax).encode({ answer: bytes, signature });
  }

  async function serve(stream: Stream, session: Session): Promise<void> {
    const closed = new AbortController();
    stream.addEventListener("close", () => closed.abort(), { once: true });
    if (stream.status !== "open") closed.abort();
    const signal = AbortSignal.any([AbortSignal.timeout(limits.requestTimeoutMs), closed.signal]);
    const { hops, asked } = await readAsked(stream, session, { options, signal });
    const { served } = session.budget;
    if (!served.take(0) || !take(asked)) {
      options.drop(session, "too-fast");
      throw new Error("over the budget");
    }
    const self = options.self()?.id;
    const bytes =
      self !== undefined && equalBytes(self, asked.to)
        ? await answer(asked)
        : await onward(options, asked, { session, hops, signal });
    served.owe(REQUEST_COST + bytes.length);
    stream.send(encodeFrame(bytes));
    await stream.close({ signal });
  }

  return async (stream, connection) => {
    const session = await sessions.settled(connection);
    const counted = open.get(connection) ?? { count: 0 };
    open.set(connection, counted);
    if (session === undefined || counted.count >= OPEN_MAX) {
      if (session !== undefined) options.drop(session, "too-fast");
      return stream.abort(new Error("not now"));
    }
    counted.count += 1;
    try {
      await serve(stream, session);
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)));
    } finally {
      counted.count -= 1;
    }
  };
}

/**
 * Reads a relayed request and checks that a member of the set signed it. A request that is malformed
 * or has another signature counts against the peer that sent it.
 */
async function readAsked(
  stream: Stream,
  session: Session,
  { options, signal }: { readonly options: RelayOptions; readonly signal: AbortSignal },
): Promise<{ readonly hops: number; readonly asked: RelayedRequest }> {
  const { directory, genesis } = options;
  let frame: ReturnType<typeof RelayFrame.decode>;
  try {
    frame = RelayFrame.decode(await readFrame(stream, { bytesMax: RelayFrame.maxBytes, signal }));
  } catch (error) {
    const cutOff = error instanceof P2pError && error.fault.code === "CUT_OFF";
    if (!cutOff) options.fault(session, "malformed");
    throw error;
  }
  const { asked } = frame;
  // A peer at another head may know another set: that is no fault.
  if (!directory.names({ id: asked.from, key: asked.key })) throw new Error("no member asks");
  if (isRequestSigned(genesis, asked)) return frame;
  options.fault(session, "forged");
  throw new Error("the request is forged");
}

/** Passes a request on. Sentries that do not answer in their share of the time are passed over. */
async function onward(
  options: RelayOptions,
  asked: RelayedRequest,
  from: { readonly session: Session; readonly hops: number; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const { session, hops, signal } = from;
  const { limits } = options;
  const routes = hops > 0 ? options.routes.onward(asked.to, session) : [];
  for (const [at, next] of routes.entries()) {
    const share = AbortSignal.timeout(limits.requestTimeoutMs / (at + 2));
    const frame = RelayFrame.encode({ hops: hops - 1, asked });
    const limit = AbortSignal.any([signal, share]);
    const bytes = await passOn(options, { session: next, frame, signal: limit }).catch(
      () => undefined,
    );
    if (bytes !== undefined) return bytes;
  }
  throw new Error("no way to that validator");
}

/** Creates the function that takes a request from the share of its asker, who has signed it. */
function createShares({
  limits,
  directory,
  now,
}: RelayOptions): (asked: RelayedRequest) => boolean {
  const shares = new Map<string, TokenBucket>();
  const ratePerSecond = limits.relayedPerSecondMax;
  return (asked) => {
    const name = toHex(asked.from);
    const share =
      shares.get(name) ?? createTokenBucket({ ratePerSecond, burst: 2 * ratePerSecond, now });
    shares.set(name, share);
    // Only members of the set are counted: more names are those of members that have left.
    if (shares.size > 2 * directory.members().length + 16) shares.clear();
    return share.take(1);
  };
}
