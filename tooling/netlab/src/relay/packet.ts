/** IPv4 packet with its ends, as unsigned 32-bit numbers. */
export interface Packet {
  readonly source: number;
  readonly destination: number;
  readonly bytes: Uint8Array;
}

const HEADER_BYTES_MIN = 20;

/** Reads the ends of an IPv4 packet. Undefined for anything else, such as IPv6. */
export function readPacket(bytes: Uint8Array): Packet | undefined {
  if (bytes.length < HEADER_BYTES_MIN || (bytes[0] ?? 0) >> 4 !== 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { source: view.getUint32(12), destination: view.getUint32(16), bytes };
}

/** Converts an address such as `51.1.0.2` to a number. @throws RangeError if it is no address. */
export function toNumber(address: string): number {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) {
    throw new RangeError(`${address} is no IPv4 address`);
  }
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
