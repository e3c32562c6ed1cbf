import type { DiscoveryOptions } from "@aethel/p2p";
import type { Config } from "../config/config.ts";
import type { Layout } from "../files/layout.ts";
import { openAddressBook } from "../storage/address-book.ts";

/**
 * Returns the discovery of a node, with its address book on disk. Undefined if the node looks for no
 * peers. With `auto` it does unless all addresses in its configuration are loopback, as on a local
 * network.
 */
export function discoveryOf(
  { p2p }: Config,
  layout: Layout,
  parts: AsyncDisposableStack,
): DiscoveryOptions | undefined {
  const { announce, outbound } = p2p;
  const isLocal = [...p2p.listen, ...p2p.peers, ...announce].every(isLoopback);
  if (p2p.discovery === "off" || (p2p.discovery === "auto" && isLocal)) return undefined;
  const store = parts.use(openAddressBook(layout.addressBook));
  return { announce, store, limits: { outboundMax: outbound } };
}

function isLoopback(address: string): boolean {
  return /^\/ip4\/127\.|^\/ip6\/::1\/|^\/dns[46]?\/localhost\//.test(address);
}
