import { type AccountId, equalBytes } from "@aethel/models";
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import type { PeerEvent, RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import { createPeerBudgets, type PeerBudgets } from "../peers/peer-budget.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import { type Conduct, createConduct } from "./conduct.ts";
import { createGreetings } from "./greetings.ts";
import type { Handshake, HandshakeResult } from "./handshake.ts";
import { hasRoom } from "./room.ts";
import { createTurningOut, type TurningOut } from "./turning-out.ts";

/**
 * Admission of connections. Each open connection becomes a session after its handshake, or is
 * refused. Also ends sessions.
 */
export interface Admission extends Conduct {
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  /** Handles an inbound stream of the handshake protocol. */
  readonly greeted: (stream: Stream, connection: Connection) => void;
  stop(): void;
}

/** Parts of the transport that admission uses. */
export interface AdmissionOptions {
  readonly libp2p: Libp2p;
  readonly limits: PeerLimits;
  readonly sessions: Sessions;
  readonly handshake: Handshake;
  readonly emit: (event: PeerEvent) => void;
  readonly turnAway: (peer: string, reason: RefusalReason) => void;
  readonly now: () => number;
}

/** Creates an `Admission`. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { libp2p, limits, sessions, handshake, emit } = options;
  const budgets = createPeerBudgets(limits, options.now);
  const { turnOut, crowdOut, refusedBy } = createTurningOut(options);
  const admit = createAdmitting({ ...options, budgets, turnOut, refusedBy });
  const greetings = createGreetings({
    limits,
    onExpired: (connection) => turnOut(connection, "not-aethel"),
    onCrowdedOut: crowdOut,
  });

  function settle(connection: Connection, result: HandshakeResult): void {
    greetings.settle(connection);
    if (result.type === "refused") turnOut(connection, result.reason, result.detail);
    else if (result.type === "refused-by") refusedBy(connection, result.reason);
    else if (result.type === "lost") connection.abort(new Error("handshake lost"));
    else if (connection.status === "open") admit(connection, result);
  }

  return {
    ...createConduct({ limits, sessions, emit, turnOut }),
    opened(connection) {
      sessions.expect(connection);
      const { remotePeer, direction } = connection;
      if (libp2p.getConnections(remotePeer).length > limits.connectionsPerPeerMax) {
        turnOut(connection, "full");
      } else if (direction === "outbound") {
        void handshake.initiate(connection).then((result) => settle(connection, result));
      } else {
        greetings.expect(connection);
      }
    },
    greeted(stream, connection) {
      if (greetings.begin(connection)) {
        void handshake.respond(stream, connection).then((result) => settle(connection, result));
      } else {
        stream.abort(new Error("one handshake per connection, by its dialer"));
      }
    },
    closed(connection) {
      greetings.settle(connection);
      const session = sessions.remove(connection);
      const peer = connection.remotePeer.toString();
      forget(connection, libp2p);
      if (sessions.allOf(peer).length > 0) return;
      budgets.forget(peer);
      if (session === undefined) return;
      emit({ type: "disconnected", peer, validator: sessions.nameOf(session) });
    },
    stop: () => greetings.stop(),
  };
}

/** Makes a session of a connection whose peer has passed the handshake. */
type Admit = (connection: Connection, greeted: HandshakeResult & { type: "accepted" }) => void;

function createAdmitting(
  options: AdmissionOptions & Pick<TurningOut, "turnOut" | "refusedBy"> & { budgets: PeerBudgets },
): Admit {
  const { sessions, emit, budgets, turnOut, refusedBy } = options;
  return (connection, greeted) => {
    const { claim, hello, objection } = greeted;
    const { instance } = hello;
    const peer = connection.remotePeer.toString();
    const validator = sessions.provenBy(claim);
    if (validator === undefined && !hasRoom(connection, options)) {
      return turnOut(connection, "full");
    }
    const earlier = sessions.allOf(peer);
    // The peer restarted: its old connections are dead, whether or not TCP has noticed yet.
    const stale = earlier.filter((other) => !equalBytes(other.instance, instance));
    const { role, head } = hello;
    const budget = budgets.of(peer, validator);
    sessions.admit({ connection, peer, instance, claim, role, head, budget });
    for (const { connection: old } of stale) old.abort(new Error("the peer restarted"));
    for (const { connection: old } of surplusOf(validator, options)) {
      old.abort(new Error("the validator has newer connections"));
    }
    void objection.then((reason) => {
      if (reason !== undefined) refusedBy(connection, reason);
    });
    if (stale.length < earlier.length) return;
    emit({ type: "connected", peer, address: connection.remoteAddr.toString(), validator });
  };
}

/**
 * Makes libp2p forget a peer that has no connection left. Otherwise libp2p remembers it for hours
 * (B23).
 */
function forget({ remotePeer }: Connection, libp2p: Libp2p): void {
  if (libp2p.getConnections(remotePeer).length > 0) return;
  libp2p.peerStore.delete(remotePeer).catch(() => undefined);
}

/**
 * Returns the oldest sessions of a validator that has more sessions than one peer may have. Anybody
 * can create peer ids, and one validator must not use up the connections of all others.
 */
function surplusOf(
  validator: AccountId | undefined,
  { sessions, limits }: AdmissionOptions,
): readonly Session[] {
  if (validator === undefined) return [];
  const own = sessions.all().filter((session) => {
    const name = sessions.nameOf(session);
    return name !== undefined && equalBytes(name, validator);
  });
  return own.slice(0, Math.max(0, own.length - limits.connectionsPerPeerMax));
}
