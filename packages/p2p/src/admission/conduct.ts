import type { Connection } from "@libp2p/interface";
import type { DropReason, PeerEvent, RefusalReason } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { Session, Sessions } from "../peers/sessions.ts";

/** Penalties for peers that misbehave after the handshake. */
export interface Conduct {
  /** Closes all connections of a peer, and refuses new ones for `refusalMs`. */
  readonly refuse: (session: Session, reason: RefusalReason) => void;
  /** Reports that something was dropped, once for each peer and reason. */
  readonly drop: (session: Session, reason: DropReason) => void;
  /** Counts a violation of the protocol. A peer with too many is refused. */
  readonly fault: (session: Session, reason: DropReason) => void;
}

/** Creates the penalties. */
export function createConduct(options: {
  readonly limits: Pick<PeerLimits, "faultsMax">;
  readonly sessions: Pick<Sessions, "allOf">;
  readonly emit: (event: PeerEvent) => void;
  readonly turnOut: (connection: Connection, reason: RefusalReason) => void;
}): Conduct {
  const { limits, sessions, emit, turnOut } = options;

  function refuse(session: Session, reason: RefusalReason): void {
    const [first, ...others] = sessions.allOf(session.peer);
    if (first !== undefined) turnOut(first.connection, reason);
    // Aborts, since an orderly close would still read everything that the peer has sent.
    for (const { connection } of [first, ...others].flatMap((each) => each ?? [])) {
      connection.abort(new Error(reason));
    }
  }

  function drop(session: Session, reason: DropReason): void {
    if (session.budget.reported.has(reason)) return;
    session.budget.reported.add(reason);
    emit({ type: "dropped", peer: session.peer, reason });
  }

  return {
    refuse,
    drop,
    fault(session, reason) {
      drop(session, reason);
      session.budget.faults += 1;
      if (session.budget.faults === limits.faultsMax) refuse(session, "misbehaving");
    },
  };
}
