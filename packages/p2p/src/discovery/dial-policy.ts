import type { Multiaddr } from "@multiformats/multiaddr";
import { type AddressScope, mayTell, scopeOf } from "./address-rules.ts";

/**
 * Addresses that this node dials: those that it was told to dial by its operator or its address
 * book, and, for libp2p's own services, those as public as the network that it is connected to. So
 * a service that knows addresses from strangers cannot probe this node's own network.
 */
export interface DialPolicy {
  /** Permits addresses until the returned function is called. */
  permit(addresses: readonly string[]): () => void;
  readonly denies: (address: Multiaddr) => boolean;
}

/** Creates the policy. `peers` returns the addresses of the connected peers. */
export function createDialPolicy(peers: () => readonly Multiaddr[]): DialPolicy {
  const permitted = new Map<string, number>();

  function count(address: string, change: 1 | -1): void {
    const key = withoutPeer(address);
    const next = (permitted.get(key) ?? 0) + change;
    if (next > 0) permitted.set(key, next);
    else permitted.delete(key);
  }

  return {
    permit(addresses) {
      for (const address of addresses) count(address, 1);
      return () => {
        for (const address of addresses) count(address, -1);
      };
    },
    denies(address) {
      if (permitted.has(withoutPeer(address.toString()))) return false;
      return !mayTell(widestOf(peers()), scopeOf(address));
    },
  };
}

/** Returns the widest scope among addresses. Without any it is `public`. */
export function widestOf(addresses: readonly Multiaddr[]): AddressScope {
  const scopes = new Set(addresses.map(scopeOf));
  if (scopes.size === 0 || scopes.has("public")) return "public";
  return scopes.has("private") ? "private" : "loopback";
}

function withoutPeer(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, "");
}
