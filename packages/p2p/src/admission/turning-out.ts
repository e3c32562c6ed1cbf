import type { Connection } from "@libp2p/interface";
import type { PeerEvent, RefusalReason } from "../events.ts";

const GOODBYE_MS = 500;

/** Ways to close an unwanted connection. Each emits one event. */
export interface TurningOut {
  /** Closes a connection, and refuses its peer for `refusalMs`. */
  readonly turnOut: (connection: Connection, reason: RefusalReason) => void;
  /** Closes a connection because there are too many. Its peer may try again immediately. */
  readonly crowdOut: (connection: Connection) => void;
}

/** Creates a `TurningOut`. */
export function createTurningOut(options: {
  readonly emit: (event: PeerEvent) => void;
  readonly turnAway: (peer: string) => void;
}): TurningOut {
  const gone = new WeakSet<Connection>();

  function report(connection: Connection, reason: RefusalReason): void {
    gone.add(connection);
    const peer = connection.remotePeer.toString();
    options.emit({ type: "refused", peer, address: connection.remoteAddr.toString(), reason });
  }

  return {
    turnOut(connection, reason) {
      // The other side may have closed it already, for the same reason: that is still our event.
      if (gone.has(connection)) return;
      report(connection, reason);
      options.turnAway(connection.remotePeer.toString());
      // Closed gracefully, so that our hello still gets through, but only for a moment.
      connection
        .close({ signal: AbortSignal.timeout(GOODBYE_MS) })
        .catch(() => connection.abort(new Error(reason)));
    },
    crowdOut(connection) {
      if (gone.has(connection)) return;
      report(connection, "full");
      connection.abort(new Error("others greeted sooner"));
    },
  };
}
