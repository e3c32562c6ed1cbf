import { equalBytes } from "@aethel/models";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import type { DropReason, PeerEvent, RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { createPeerBudget, type PeerBudget } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import type { Handshake, HandshakeResult } from "./handshake.ts";

const GOODBYE_MS = 500;

/** Admission of connections: makes a session of each open connection or refuses it, and ends it. */
export interface Admission {
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  /** Serves an inbound stream of the handshake protocol. */
  readonly greeted: (stream: Stream, connection: Connection) => void;
  /** Ends all connections of a peer, and refuses it for a while. */
  readonly refuse: (session: Session, reason: RefusalReason) => void;
  /** Reports, once for each peer and reason, that something was dropped. */
  readonly drop: (session: Session, reason: DropReason) => void;
  /** Counts a violation; a peer with too many is refused. */
  readonly fault: (session: Session, reason: DropReason) => void;
  stop(): void;
}

/** Parts of the transport that admission uses. */
export interface AdmissionOptions {
  readonly libp2p: Libp2p;
  readonly limits: PeerLimits;
  readonly sessions: Sessions;
  readonly handshake: Handshake;
  readonly emit: (event: PeerEvent) => void;
  readonly turnAway: (peer: string) => void;
  readonly now: () => number;
}

/** Creates an `Admission`. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { libp2p, limits, sessions, handshake, emit } = options;
  const budgets = new Map<string, PeerBudget>();
  const turnedOut = new WeakSet<Connection>();
  const deadlines = new Map<string, ReturnType<typeof setTimeout>>();

  function budgetOf(peer: string): PeerBudget {
    const budget = budgets.get(peer) ?? createPeerBudget(limits, options.now);
    budgets.set(peer, budget);
    return budget;
  }

  function sessionsOf(peer: string): readonly Session[] {
    return sessions.all().filter((session) => session.peer === peer);
  }

  function turnOut(connection: Connection, reason: RefusalReason): void {
    clearDeadline(connection);
    // The other side may have closed it already, for the same reason: that is still our event.
    if (turnedOut.has(connection)) return;
    turnedOut.add(connection);
    const peer = connection.remotePeer.toString();
    emit({ type: "refused", peer, address: connection.remoteAddr.toString(), reason });
    options.turnAway(peer);
    // Closed gracefully, so that our hello still gets through, but only for a moment.
    connection
      .close({ signal: AbortSignal.timeout(GOODBYE_MS) })
      .catch(() => connection.abort(new Error(reason)));
  }

  function clearDeadline(connection: Connection): void {
    clearTimeout(deadlines.get(connection.id));
    deadlines.delete(connection.id);
  }

  function settle(connection: Connection, result: HandshakeResult): void {
    clearDeadline(connection);
    if (result.type === "refused") turnOut(connection, result.reason);
    else if (result.type === "lost") connection.abort(new Error("handshake lost"));
    else if (connection.status === "open") admit(connection, result);
  }

  function admit(connection: Connection, { hello }: HandshakeResult & { type: "accepted" }): void {
    const peer = connection.remotePeer.toString();
    const { instance, validator: claim } = hello;
    const earlier = sessionsOf(peer);
    const session = { connection, peer, instance, claim, budget: budgetOf(peer) };
    const validator = sessions.nameOf(session);
    if (validator === undefined && observers() >= limits.observersMax) {
      turnOut(connection, "full");
      return;
    }
    // The peer restarted: its old connections are dead, whether or not TCP has noticed yet.
    const stale = earlier.filter((other) => !equalBytes(other.instance, instance));
    sessions.admit(session);
    for (const { connection: old } of stale) old.abort(new Error("the peer restarted"));
    if (stale.length === earlier.length) {
      emit({ type: "connected", peer, address: connection.remoteAddr.toString(), validator });
    }
  }

  function observers(): number {
    return sessions.all().filter((session) => sessions.nameOf(session) === undefined).length;
  }

  function refuse(session: Session, reason: RefusalReason): void {
    const [first, ...others] = sessionsOf(session.peer);
    if (first !== undefined) turnOut(first.connection, reason);
    for (const { connection } of others) connection.abort(new Error(reason));
  }

  function drop(session: Session, reason: DropReason): void {
    if (session.budget.reported.has(reason)) return;
    session.budget.reported.add(reason);
    emit({ type: "dropped", peer: session.peer, reason });
  }

  return {
    opened(connection) {
      sessions.expect(connection);
      const { remotePeer, direction } = connection;
      if (libp2p.getConnections(remotePeer).length > limits.connectionsPerPeerMax) {
        turnOut(connection, "full");
      } else if (direction === "outbound") {
        void handshake.initiate(connection).then((result) => settle(connection, result));
      } else {
        const expired = () => turnOut(connection, "not-aethel");
        deadlines.set(connection.id, setTimeout(expired, limits.handshakeTimeoutMs));
      }
    },
    greeted(stream, connection) {
      if (connection.direction === "outbound" || !deadlines.has(connection.id)) {
        stream.abort(new Error("one handshake per connection, by its dialer"));
        return;
      }
      clearDeadline(connection);
      void handshake.respond(stream, connection).then((result) => settle(connection, result));
    },
    closed(connection) {
      clearDeadline(connection);
      const session = sessions.remove(connection);
      const { remotePeer } = connection;
      const peer = remotePeer.toString();
      // Without this libp2p remembers each peer for hours (B23): names are free to make.
      if (libp2p.getConnections(remotePeer).length === 0) {
        libp2p.peerStore.delete(remotePeer).catch(() => undefined);
      }
      if (sessionsOf(peer).length > 0) return;
      budgets.delete(peer);
      if (session === undefined) return;
      emit({ type: "disconnected", peer, validator: sessions.nameOf(session) });
    },
    refuse,
    drop,
    fault(session, reason) {
      drop(session, reason);
      session.budget.faults += 1;
      if (session.budget.faults === limits.faultsMax) refuse(session, "misbehaving");
    },
    stop() {
      for (const deadline of deadlines.values()) clearTimeout(deadline);
      deadlines.clear();
    },
  };
}
