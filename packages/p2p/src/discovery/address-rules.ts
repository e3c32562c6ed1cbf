import { toHex } from "@aethel/models";
import { isLoopback, isPrivate } from "@libp2p/utils";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";

/** Most bytes of an address that is read. An IPv6 address behind a relay takes 110. */
export const ADDRESS_BYTES_MAX = 128;

/** Part of the network in which an address can be reached, from the narrowest to the widest. */
export type AddressScope = "loopback" | "private" | "public";

/** Address at which a peer can be dialed, without the peer's id at its end. */
export interface PeerAddress {
  readonly text: string;
  readonly scope: AddressScope;
  /**
   * Addresses that one operator can easily have many of are in one group: a /16 of IPv4, a /32 of
   * IPv6. An address that is not public is a group of its own, since a LAN is one such network.
   */
  readonly group: string;
  /** `relay`: another peer passes the bytes on. */
  readonly type: "tcp" | "quic" | "relay";
}

const SCOPES: readonly AddressScope[] = ["loopback", "private", "public"];

/** Kind of hosts in an address. Only an operator may have this node look up names. */
export type Hosts = "numbers" | "names";

/**
 * Reads an address. Returns undefined if it is too long, malformed, or for a transport that nodes
 * do not have. `hosts`: with `numbers` an address with a host's name is refused too.
 */
export function readAddress(
  input: Uint8Array | string,
  hosts: Hosts = "numbers",
): PeerAddress | undefined {
  if (input.length === 0 || input.length > 2 * ADDRESS_BYTES_MAX) return undefined;
  try {
    const address = multiaddr(input);
    return address.bytes.length > ADDRESS_BYTES_MAX ? undefined : inspect(address, hosts);
  } catch {
    return undefined;
  }
}

function inspect(address: Multiaddr, hosts: Hosts): PeerAddress | undefined {
  const parts = address.getComponents();
  const names = parts.map(({ name }) => name).join("/");
  const type = typeOf(hosts === "names" ? names.replace(/^dns[46]?\//, "ip4/") : names);
  const port = Number(parts[1]?.value);
  if (type === undefined || port < 1 || port > 65_535) return undefined;
  const scope = scopeOf(address);
  const bare = names.endsWith("/p2p") ? parts.slice(0, -1) : parts;
  const text = multiaddr([...bare]).toString();
  return { text, scope, type, group: groupOfHost(address, scope) };
}

/** Returns the transport of an address with these components. Undefined: none that nodes have. */
function typeOf(names: string): PeerAddress["type"] | undefined {
  if (/^ip[46]\/tcp(\/p2p)?$/.test(names)) return "tcp";
  if (/^ip[46]\/udp\/quic-v1(\/p2p)?$/.test(names)) return "quic";
  return /^ip[46]\/(tcp|udp\/quic-v1)\/p2p\/p2p-circuit(\/p2p)?$/.test(names) ? "relay" : undefined;
}

/** Returns the scope of an address. Names of hosts count as public. */
export function scopeOf(address: Multiaddr): AddressScope {
  if (isLoopback(address)) return "loopback";
  return isPrivate(address) ? "private" : "public";
}

/**
 * Returns whether a peer at `teller` may tell an address in `told`. Addresses in a network that
 * this node and the teller are not both part of are none of the teller's business: dialing them
 * would probe this node's own network for a stranger.
 */
export function mayTell(teller: AddressScope, told: AddressScope): boolean {
  return SCOPES.indexOf(told) >= SCOPES.indexOf(teller);
}

/**
 * Returns the group of an address, as `PeerAddress.group`. An address that peers may not tell, such
 * as a host's name, is a group of its own.
 */
export function groupOf(address: string): string {
  return readAddress(address)?.group ?? address;
}

/**
 * Returns the group of the host from which a peer tells addresses. It is `groupOf` without the
 * port, since each connection has another one.
 */
export function sourceGroupOf(address: Multiaddr): string {
  const scope = scopeOf(address);
  const host = address.getComponents()[0]?.value ?? "";
  return scope === "public" ? groupOfHost(address, scope) : host;
}

function groupOfHost(address: Multiaddr, scope: AddressScope): string {
  const [host, port] = address.getComponents();
  const value = host?.value ?? "";
  if (scope !== "public") return `${value}:${port?.value}`;
  if (host?.name === "ip4") return value.split(".").slice(0, 2).join(".");
  // The first byte says that an IPv6 address follows.
  return host?.name === "ip6" ? toHex(address.bytes.slice(1, 5)) : value;
}
