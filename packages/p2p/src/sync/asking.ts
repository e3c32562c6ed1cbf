import { SyncRequest, SyncResponse } from "@aethel/models";
import { P2pError } from "../errors.ts";
import { exchangeFrames } from "../framing/exchange-frames.ts";
import type { Session } from "../peers/sessions.ts";
import type { SyncExchangeOptions } from "./exchange-options.ts";
import { answerBytesMax, claimedHeight, findAnswerDefect } from "./sync-answer.ts";

/** Sends a request to a peer. @throws P2pError `BUSY`, `NO_ANSWER` or `BAD_ANSWER` */
export type Ask = (
  session: Session,
  request: SyncRequest,
  signal: AbortSignal,
) => Promise<SyncResponse>;

type AskingOptions = Pick<SyncExchangeOptions, "protocol" | "limits" | "fault" | "refuse">;

/** Creates the side that sends requests to peers. */
export function createAsking(options: AskingOptions): Ask {
  const { limits } = options;
  return async (session, request, signal) => {
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
      bytes = await exchange(options, {
        session,
        request,
        signal: AbortSignal.any([signal, timeout]),
      });
    } catch (cause) {
      if (cause instanceof P2pError && cause.fault.code === "OVERSIZE") {
        options.fault(session, "oversize");
      }
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new P2pError({ code: "NO_ANSWER", peer, reason }, { cause });
    } finally {
      budget.asking -= 1;
    }
    return check(options, { session, request, bytes, heightBefore });
  };
}

/** Sends a request on a stream of its own. Returns the frame of the answer. */
async function exchange(
  { protocol, limits }: AskingOptions,
  asked: { readonly session: Session; readonly request: SyncRequest; readonly signal: AbortSignal },
): Promise<Uint8Array> {
  const { session, request, signal } = asked;
  const { connection, budget } = session;
  let bytes = 0;
  // Each of several concurrent answers may be large, but not all of them at once.
  const onBytes = (count: number): boolean => {
    bytes += count;
    budget.incoming += count;
    return budget.incoming <= 2 * limits.responseBytesMax;
  };
  try {
    return await exchangeFrames(connection, {
      protocol,
      frame: SyncRequest.encode(request),
      bytesMax: Math.min(limits.responseBytesMax, answerBytesMax(request)),
      signal,
      onBytes,
    });
  } finally {
    budget.incoming -= bytes;
  }
}

/**
 * Decodes an answer. Checks that it answers the request and does not contradict the heights that
 * the peer claimed before.
 */
function check(
  options: AskingOptions,
  answered: {
    readonly session: Session;
    readonly request: SyncRequest;
    readonly bytes: Uint8Array;
    readonly heightBefore: number;
  },
): SyncResponse {
  const { session, request, bytes, heightBefore } = answered;
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

function decodeResponse(bytes: Uint8Array): SyncResponse | undefined {
  try {
    return SyncResponse.decode(bytes);
  } catch {
    return undefined;
  }
}
