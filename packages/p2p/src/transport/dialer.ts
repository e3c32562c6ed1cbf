import type { Connection, Libp2p } from "@libp2p/interface";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { P2pError } from "../errors.ts";
import type { PeerLimits } from "../limits.ts";

/** Dialer that keeps connections to configured addresses until it is stopped. */
export interface Dialer {
  /**
   * Notes a closed connection. Its address is dialed again, unless another connection leads to that
   * peer.
   */
  closed(connection: Connection): void;
  stop(): void;
}

interface Target {
  readonly address: Multiaddr;
  /** Peer that last answered at the address. Undefined while none has. */
  peer: string | undefined;
  failures: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  dialing: boolean;
}

/**
 * Returns the milliseconds to wait after this number of failures in a row. They double from the
 * minimum to the maximum.
 */
export function dialBackoffMs(
  failures: number,
  limits: Pick<PeerLimits, "dialBackoffMinMs" | "dialBackoffMaxMs">,
): number {
  const { dialBackoffMinMs, dialBackoffMaxMs } = limits;
  return Math.min(
    dialBackoffMaxMs,
    dialBackoffMinMs * 2 ** Math.min(20, Math.max(0, failures - 1)),
  );
}

/** Parses a multiaddr. @throws P2pError `OPTION` if the text is none */
export function toMultiaddr(text: string): Multiaddr {
  try {
    return multiaddr(text);
  } catch (cause) {
    const reason = `${text} is no multiaddr; expected one like /ip4/127.0.0.1/tcp/4001`;
    throw new P2pError({ code: "OPTION", option: "address", reason }, { cause });
  }
}

/**
 * Creates a dialer that begins to dial immediately. `onUnreachable` is called once for each outage
 * of an address.
 */
export function createDialer(options: {
  readonly libp2p: Libp2p;
  readonly addresses: readonly Multiaddr[];
  readonly limits: PeerLimits;
  onUnreachable(address: string, reason: string): void;
}): Dialer {
  const { libp2p, limits } = options;
  const stopped = new AbortController();
  const own = libp2p.peerId.toString();
  const targets = options.addresses.map(createTarget);

  function schedule(target: Target, delayMs: number): void {
    if (stopped.signal.aborted || target.peer === own) return;
    clearTimeout(target.timer);
    target.timer = setTimeout(() => void dial(target), delayMs);
  }

  async function dial(target: Target): Promise<void> {
    if (target.dialing || isConnected(target, libp2p)) return;
    target.dialing = true;
    try {
      const timeout = AbortSignal.timeout(limits.handshakeTimeoutMs);
      const signal = AbortSignal.any([stopped.signal, timeout]);
      const connection = await libp2p.dial(target.address, { signal });
      target.peer = connection.remotePeer.toString();
      // A refusal closes the connection right away: that must lengthen the pause, not reset it.
      if (connection.status === "open") return;
      failed(target, undefined);
    } catch (error) {
      failed(target, error);
    } finally {
      target.dialing = false;
    }
  }

  function failed(target: Target, error: unknown): void {
    if (stopped.signal.aborted) return;
    const reason = error instanceof Error ? describe(error) : "closed by the peer";
    if (/can not dial self/i.test(reason)) {
      target.peer = own;
      return;
    }
    target.failures += 1;
    if (target.failures === 1) options.onUnreachable(target.address.toString(), reason);
    schedule(target, dialBackoffMs(target.failures, limits));
  }

  for (const target of targets) schedule(target, 0);
  return {
    closed(connection) {
      const peer = connection.remotePeer.toString();
      for (const target of targets) {
        if (target.peer !== peer || target.dialing || isConnected(target, libp2p)) continue;
        // A connection that held for a while resets the pause; one that broke at once counts as a
        // failure.
        const lastedMs = Date.now() - connection.timeline.open;
        target.failures = lastedMs > limits.dialBackoffMaxMs ? 0 : target.failures + 1;
        schedule(target, dialBackoffMs(target.failures, limits));
      }
    },
    stop() {
      stopped.abort();
      for (const target of targets) clearTimeout(target.timer);
    },
  };
}

function createTarget(address: Multiaddr): Target {
  return { address, peer: undefined, failures: 0, timer: undefined, dialing: false };
}

function isConnected({ peer }: Target, libp2p: Libp2p): boolean {
  if (peer === undefined) return false;
  return libp2p
    .getConnections()
    .some(({ remotePeer, status }) => status === "open" && remotePeer.toString() === peer);
}

/**
 * Returns the original reason of an error, such as ECONNREFUSED, which libp2p wraps in one or two
 * other errors.
 */
function describe(error: Error): string {
  if (error instanceof AggregateError) {
    const first: unknown = error.errors[0];
    if (first instanceof Error) return describe(first);
  }
  return error.cause instanceof Error ? describe(error.cause) : error.message;
}
