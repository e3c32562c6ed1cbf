import type { GossipSub } from "@libp2p/gossipsub";
import type { Connection, Stream } from "@libp2p/interface";
import { P2pError } from "../errors.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { pacedStream } from "./paced-stream.ts";

/**
 * Makes gossipsub read nothing from a peer before its handshake, and then only as fast as `ready`
 * resolves. gossipsub 17.1.1 serves every connection, and a message that a stranger sent would
 * count as seen when an honest peer sends it. The one function that takes inbound streams is
 * wrapped. If a version of gossipsub lacks that function, this function throws.
 */
export function gateStreams(
  gossip: GossipSub,
  sessions: Pick<Sessions, "settled">,
  ready: (session: Session, bytes: number) => Promise<void>,
): void {
  const onStream: unknown = Reflect.get(gossip, "onIncomingStream");
  if (typeof onStream !== "function") {
    const reason = "this version of @libp2p/gossipsub takes streams elsewhere";
    throw new P2pError({ code: "OPTION", option: "@libp2p/gossipsub", reason });
  }
  const gated = async (stream: Stream, connection: Connection): Promise<void> => {
    const session = await sessions.settled(connection);
    if (session === undefined) {
      stream.abort(new Error("no handshake"));
      return;
    }
    const paced = pacedStream(stream, (bytes) => ready(session, bytes));
    Reflect.apply(onStream, gossip, [paced, connection]);
  };
  Reflect.set(gossip, "onIncomingStream", gated);
}
