import type { Connection } from "@libp2p/interface";
import type { PeerLimits } from "../limits.ts";

/** Inbound connections whose handshake has not finished. */
export interface Greetings {
  /**
   * Waits for the hello of a new connection. If too many connections wait, the oldest is closed. An
   * honest peer sends its hello within a round trip, so silent peers keep nobody out.
   */
  expect(connection: Connection): void;
  /**
   * Records that the peer of a connection has begun the handshake. Returns false if no handshake of
   * this connection is expected, or if it has begun before.
   */
  begin(connection: Connection): boolean;
  /** Stops waiting for the hello of a connection. */
  settle(connection: Connection): void;
  stop(): void;
}

interface Waiting {
  readonly connection: Connection;
  readonly deadline: ReturnType<typeof setTimeout>;
  hasBegun: boolean;
}

/** Creates a record of unfinished handshakes, empty at first. */
export function createGreetings(options: {
  readonly limits: Pick<PeerLimits, "greetingMax" | "handshakeTimeoutMs">;
  onExpired(connection: Connection): void;
  onCrowdedOut(connection: Connection): void;
}): Greetings {
  const { greetingMax, handshakeTimeoutMs } = options.limits;
  const all = new Map<string, Waiting>();

  function settle({ id }: Connection): void {
    clearTimeout(all.get(id)?.deadline);
    all.delete(id);
  }

  return {
    expect(connection) {
      const [oldest] = all.values();
      if (all.size >= greetingMax && oldest !== undefined) {
        settle(oldest.connection);
        options.onCrowdedOut(oldest.connection);
      }
      const expired = () => {
        settle(connection);
        options.onExpired(connection);
      };
      const deadline = setTimeout(expired, handshakeTimeoutMs);
      all.set(connection.id, { connection, deadline, hasBegun: false });
    },
    begin({ id }) {
      const waiting = all.get(id);
      if (waiting === undefined || waiting.hasBegun) return false;
      waiting.hasBegun = true;
      return true;
    },
    settle,
    stop() {
      for (const { deadline } of all.values()) clearTimeout(deadline);
      all.clear();
    },
  };
}
