import type { Connection } from "@libp2p/interface";
import type { PeerEvent, RefusalReason, ToldReason } from "../events.ts";

const GOODBYE_MS = 500;

/** Ways to close an unwanted connection. Each emits one event. */
export interface TurningOut {
  /**
   * Closes a connection, and refuses its peer for `refusalMs`. `detail`: facts about the reason in
   * words.
   */
  readonly turnOut: (connection: Connection, reason: RefusalReason, detail?: string) => void;
  /** Closes a connection because there are too many. Its peer may try again immediately. */
  readonly crowdOut: (connection: Connection) => void;
  /** Closes a connection whose peer has refused this node. */
  readonly refusedBy: (connection: Connection, reason: ToldReason) => void;
}

/** Creates a `TurningOut`. */
export function createTurningOut(options: {
  readonly emit: (event: PeerEvent) => void;
  readonly turnAway: (peer: string, reason: RefusalReason) => void;
}): TurningOut {
  const gone = new WeakSet<Connection>();

  function report(connection: Connection, reason: RefusalReason, detail?: string): void {
    gone.add(connection);
    const peer = connection.remotePeer.toString();
    const address = connection.remoteAddr.toString();
    const facts = detail === undefined ? {} : { detail };
    options.emit({ type: "refused", peer, address, reason, ...facts });
  }

  return {
    turnOut(connection, reason, detail) {
      // The other side may have closed it already, for the same reason: that is still our event.
      if (gone.has(connection)) return;
      report(connection, reason, detail);
      options.turnAway(connection.remotePeer.toString(), reason);
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
    refusedBy(connection, reason) {
      if (gone.has(connection)) return;
      gone.add(connection);
      const peer = connection.remotePeer.toString();
      const address = connection.remoteAddr.toString();
      options.emit({ type: "refused-by", peer, address, reason });
      connection.abort(new Error(`refused by the peer: ${reason}`));
    },
  };
}
