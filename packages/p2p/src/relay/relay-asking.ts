import {
  type AccountId,
  type SyncRequest,
  SyncResponse,
  toHex,
  verifySigned,
} from "@aethel/models";
import { P2pError } from "../errors.ts";
import { exchangeFrames } from "../framing/exchange-frames.ts";
import type { Session } from "../peers/sessions.ts";
import { findAnswerDefect } from "../sync/sync-answer.ts";
import type { RelayOptions } from "./relay-options.ts";
import {
  createRelayedRequest,
  type RelayedRequest,
  RelayFrame,
  relayedAnswer,
  relayedAnswerBytesMax,
  signableAnswer,
} from "./relayed-request.ts";

/** Sentries that may pass on one request. */
const HOPS = 2;

/**
 * Sends a request to a validator over sentries. A sentry that does not answer in its share of the
 * time, or whose answer the asked validator did not sign, is passed over.
 * @throws P2pError `UNREACHABLE`, `NO_ANSWER` or `BAD_ANSWER`
 */
export type RelayAsk = (
  to: AccountId,
  request: SyncRequest,
  signal: AbortSignal,
) => Promise<SyncResponse>;

/** Creates the side that asks. */
export function createRelayAsking(options: RelayOptions): RelayAsk {
  const { genesis, limits, routes } = options;
  let turn = 0;

  async function askOver(
    session: Session,
    asked: RelayedRequest,
    signal: AbortSignal,
  ): Promise<SyncResponse> {
    const frame = RelayFrame.encode({ hops: HOPS, asked });
    const bytes = await passOn(options, { session, frame, signal });
    const { answer, signature } = relayedAnswer(limits.responseBytesMax).decode(bytes);
    const key = options.directory.keyOf(asked.to);
    if (
      key === undefined ||
      !verifySigned(key, signableAnswer(genesis, asked, answer), signature)
    ) {
      throw new Error("the asked validator did not sign the answer");
    }
    return SyncResponse.decode(answer);
  }

  return async (to, request, signal) => {
    const self = options.self();
    const sessions = routes.to(to);
    const peer = toHex(to);
    if (self === undefined || sessions.length === 0) {
      throw new P2pError({ code: "UNREACHABLE", peer });
    }
    const nonce = options.random(16);
    const { genesis: chain } = options;
    const asked = createRelayedRequest({
      genesis: chain,
      from: self.id,
      signer: self.signer,
      to,
      nonce,
      request,
    });
    turn += 1;
    let reason = "no sentry answered";
    for (let at = 0; at < sessions.length && !signal.aborted; at += 1) {
      const session = sessions[(turn + at) % sessions.length];
      if (session === undefined) continue;
      const timeout = AbortSignal.timeout(limits.requestTimeoutMs / sessions.length);
      const response = await askOver(session, asked, AbortSignal.any([signal, timeout])).catch(
        (error: unknown) => {
          reason = error instanceof Error ? error.message : String(error);
          return undefined;
        },
      );
      if (response === undefined) continue;
      const defect = findAnswerDefect(request, response);
      if (defect === undefined) return response;
      throw new P2pError({ code: "BAD_ANSWER", peer, reason: defect });
    }
    throw new P2pError({ code: "NO_ANSWER", peer, reason });
  };
}

/** Sends a frame over a session and returns the frame of the answer. */
export async function passOn(
  { protocol, limits }: Pick<RelayOptions, "protocol" | "limits">,
  sent: { readonly session: Session; readonly frame: Uint8Array; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const { session, frame, signal } = sent;
  return await exchangeFrames(session.connection, {
    protocol,
    frame,
    bytesMax: relayedAnswerBytesMax(limits.responseBytesMax),
    signal,
  });
}
