import type { GossipSub } from "@libp2p/gossipsub";
import type { DropReason } from "../events.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { fieldOf, listOf, notThere, replaceInside } from "./inside-gossipsub.ts";
import type { ReadingPace } from "./reading-pace.ts";

/** Queues of gossip that was not sent yet. */
export interface Outgoing {
  /** Returns the bytes that wait to be sent to a peer. */
  readonly unsentBytes: (peer: string) => number;
}

/**
 * Bounds what gossipsub queues for a peer: messages are not sent to one whose queue has more than
 * `queueBytesMax`. gossipsub 17.1.1 would queue them until libp2p resets the stream. An answer to
 * IWANT has at most `answerBytesMax`, and the peer that asks is charged for it: gossipsub only
 * counts requests, and one may ask for all that it remembers. If a version of gossipsub lacks the
 * functions that are wrapped, this throws.
 */
export function boundOutgoing(
  gossip: GossipSub,
  options: {
    readonly queueBytesMax: number;
    readonly answerBytesMax: number;
    readonly sessions: Pick<Sessions, "ofPeer">;
    readonly pace: ReadingPace;
    readonly drop: (session: Session, reason: DropReason) => void;
    /** Called with each message that is sent to a peer. */
    readonly onSent: (peer: string) => void;
  },
): Outgoing {
  const { queueBytesMax, answerBytesMax, sessions, pace, drop } = options;
  const streams = streamsOf(gossip);
  const unsentBytes = (peer: string): number => {
    const stream = streams.get(peer);
    return stream === undefined ? 0 : queueOf(stream);
  };
  replaceInside(gossip, "sendRpc", (send) => (peer, rpc) => {
    const count = listOf(rpc, "messages").length;
    if (count === 0 || typeof peer !== "string") return send(peer, rpc);
    if (unsentBytes(peer) > queueBytesMax) {
      const session = sessions.ofPeer(peer);
      if (session !== undefined) drop(session, "slow-peer");
      return false;
    }
    const isSent = send(peer, rpc);
    if (isSent === true) for (let sent = 0; sent < count; sent += 1) options.onSent(peer);
    return isSent;
  });
  replaceInside(gossip, "handleIWant", (find) => (peer, wanted) => {
    const found: unknown = find(peer, wanted);
    const session = typeof peer === "string" ? sessions.ofPeer(peer) : undefined;
    if (!Array.isArray(found) || session === undefined) return [];
    const answer: unknown[] = [];
    let bytes = 0;
    for (const message of found) {
      bytes += lengthOf(message);
      if (bytes > answerBytesMax && answer.length > 0) break;
      answer.push(message);
    }
    pace.charge(session, bytes);
    return answer;
  });
  return { unsentBytes };
}

/** Returns the number of bytes in a message inside gossipsub. */
function lengthOf(message: unknown): number {
  const data = fieldOf(message, "data");
  return data instanceof Uint8Array ? data.length : 0;
}

/** Returns the streams that gossipsub opened, by peer. */
function streamsOf(gossip: GossipSub): ReadonlyMap<unknown, unknown> {
  const streams = fieldOf(gossip, "streamsOutbound");
  if (streams instanceof Map) return streams;
  throw notThere("streamsOutbound");
}

/** Returns the bytes in the queue of a stream that gossipsub opened. */
function queueOf(stream: unknown): number {
  const bytes = fieldOf(fieldOf(stream, "rawStream"), "writeBufferLength");
  if (typeof bytes === "number") return bytes;
  throw notThere("rawStream");
}
