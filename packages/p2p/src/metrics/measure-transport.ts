import type { Libp2p } from "@libp2p/interface";
import type { Sessions } from "../peers/sessions.ts";
import type { Traffic } from "./traffic.ts";
import type { TransportMetrics } from "./transport-metrics.ts";

/** Returns the figures of a transport. Two connections of one peer are one entry. */
export function measureTransport(parts: {
  readonly libp2p: Pick<Libp2p, "getConnections">;
  readonly sessions: Sessions;
  readonly traffic: Traffic;
  scoreOf(peer: string): number;
  unsentItemBytes(peer: string): number;
}): TransportMetrics {
  const { libp2p, sessions, traffic } = parts;
  const latest = new Map(sessions.all().map((session) => [session.peer, session]));
  return {
    total: traffic.total(),
    peers: [...latest.values()].map((session) => ({
      ...traffic.ofPeer(session.peer),
      peer: session.peer,
      validator: sessions.nameOf(session),
      pingMs: session.connection.rtt,
      score: parts.scoreOf(session.peer),
      faults: session.budget.faults,
      unsentItemBytes: parts.unsentItemBytes(session.peer),
    })),
    connections: libp2p.getConnections().length,
  };
}
