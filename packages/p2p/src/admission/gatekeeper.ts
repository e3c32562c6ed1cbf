import type { ConnectionGater, MultiaddrConnection, PeerId } from "@libp2p/interface";
import { hostOf } from "../bans/host-of.ts";
import type { RefusalReason } from "../events.ts";

const REFUSED_MAX = 1_024;

/** Gate that can refuse connections before any protocol of this package runs on them. */
export interface Gatekeeper {
  readonly gater: ConnectionGater;
  /**
   * Refuses connections of a peer for `refusalMs`, without a handshake and without further events.
   */
  readonly turnAway: (peer: string) => void;
}

/**
 * Creates a gatekeeper. `onRefused` is called when a socket is refused, even if it never became a
 * libp2p connection. It is not called again for a peer that `turnAway` refuses.
 */
export function createGatekeeper(options: {
  readonly refusalMs: number;
  readonly now: () => number;
  /** Whether a peer may connect at all. Default: each may. */
  readonly mayConnect?: (peer: string) => boolean;
  /** Whether a peer id or an IP address is banned. Its connections are refused without an event. */
  readonly isBanned: (target: string) => boolean;
  readonly onRefused: (refusal: {
    readonly peer: string | undefined;
    readonly address: string;
    readonly reason: RefusalReason;
  }) => void;
}): Gatekeeper {
  const { refusalMs, now, isBanned, onRefused } = options;
  const refusedUntil = new Map<string, number>();
  // The upgrader shows one socket at several stages; those that reached Noise have told their name.
  const identified = new WeakSet<MultiaddrConnection>();

  function isFromBannedHost({ remoteAddr }: MultiaddrConnection): boolean {
    const host = hostOf(remoteAddr);
    return host !== undefined && isBanned(host);
  }

  function denies(peer: PeerId, socket: MultiaddrConnection): boolean {
    identified.add(socket);
    const name = peer.toString();
    if (isBanned(name) || isFromBannedHost(socket)) return true;
    const until = refusedUntil.get(name);
    if (until !== undefined && now() < until) return true;
    refusedUntil.delete(name);
    if (options.mayConnect?.(name) === false) {
      // No hello: a stranger must not learn that a validator is at this address.
      onRefused({ peer: name, address: socket.remoteAddr.toString(), reason: "no-sentry" });
      return true;
    }
    if (peer.type === "Ed25519") return false;
    onRefused({ peer: name, address: socket.remoteAddr.toString(), reason: "key-type" });
    return true;
  }

  return {
    gater: {
      // A localnet consists of private and loopback addresses.
      denyDialMultiaddr: () => false,
      denyInboundConnection(socket) {
        if (isFromBannedHost(socket)) return true;
        socket.addEventListener("close", () => {
          if (identified.has(socket)) return;
          const address = socket.remoteAddr.toString();
          onRefused({ peer: undefined, address, reason: "not-libp2p" });
        });
        return false;
      },
      denyInboundEncryptedConnection: denies,
      denyOutboundEncryptedConnection: denies,
      // A transport that encrypts by itself, such as QUIC, asks only these.
      denyInboundUpgradedConnection: denies,
      denyOutboundUpgradedConnection: denies,
    },
    turnAway(peer) {
      refusedUntil.delete(peer);
      refusedUntil.set(peer, now() + refusalMs);
      for (const oldest of refusedUntil.keys()) {
        if (refusedUntil.size <= REFUSED_MAX) break;
        refusedUntil.delete(oldest);
      }
    },
  };
}
