/**
 * Host of the lab: a network namespace with one interface. Its addresses look like public ones of a
 * network of its own, since a node may treat private ranges, or many peers in one range, in another
 * way. No namespace of the lab has a route out of it.
 */
export interface Host {
  /** Number of the host, from 1 to 99. */
  readonly number: number;
  /** Name of its network namespace. */
  readonly namespace: string;
  /** Name of its interface on the side of the router. */
  readonly link: string;
  /** Networks of which the host may have an address. */
  readonly networks: readonly string[];
}

/** Position among a host's addresses: the first, or the one that it moves to. */
export type AddressChoice = "first" | "second";

const FIRST_OCTET = 51;
const SECOND_OFFSET = 100;

/** Most hosts of a lab. */
export const HOSTS_MAX = 99;

/** Describes the host with a number. */
export function hostOf(number: number): Host {
  return {
    number,
    namespace: `host-${number}`,
    link: `link-${number}`,
    networks: [number, number + SECOND_OFFSET].map((octet) => `${FIRST_OCTET}.${octet}.0.0/16`),
  };
}

/** Returns an address of a host. */
export function addressOf({ number }: Host, choice: AddressChoice): string {
  return `${FIRST_OCTET}.${octetOf(number, choice)}.0.2`;
}

/** Returns the address of the router in the network of an address of a host. */
export function gatewayOf({ number }: Host, choice: AddressChoice): string {
  return `${FIRST_OCTET}.${octetOf(number, choice)}.0.1`;
}

function octetOf(number: number, choice: AddressChoice): number {
  return choice === "first" ? number : number + SECOND_OFFSET;
}
