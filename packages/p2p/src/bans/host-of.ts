import type { Multiaddr } from "@multiformats/multiaddr";

/** Returns the IP address in a multiaddr. Undefined if it has none. */
export function hostOf(address: Pick<Multiaddr, "toString">): string | undefined {
  return /^\/ip[46]\/([^/]+)/.exec(address.toString())?.[1];
}
