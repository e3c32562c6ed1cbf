import type { DNS } from "@multiformats/dns";
import type { AddressBookStore } from "./book-store.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";

/** Ways in which a node finds peers beside those that its operator names. */
export interface DiscoveryOptions {
  /**
   * Addresses that this node tells others in place of those on which it listens, such as that of a
   * router in front of it. Default: the addresses on which it listens, as far as others are known
   * to reach them.
   */
  readonly announce?: readonly string[];
  /** Memory of the address book over restarts. Default: none. */
  readonly store?: AddressBookStore;
  /** Resolver of `/dnsaddr` names among the bootstrap addresses. Default: the system's. */
  readonly dns?: Pick<DNS, "query">;
  readonly limits?: Partial<DiscoveryLimits>;
}
