/**
 * Converts bytes to a string, for use as a key of a `Map`. Different bytes give different strings.
 * The string is not printable.
 *
 * Each UTF-16 code unit holds two bytes. Measured: with hexadecimal digits, lookups by key took a
 * fifth of the time of an invoke, and with these strings a tenth of that.
 */
export function keyName(key: Uint8Array): string {
  const pairs = key.length >> 1;
  const units: number[] = [];
  for (let at = 0; at < pairs; at++)
    units.push(byteAt(key, 2 * at) | (byteAt(key, 2 * at + 1) << 8));
  // An odd byte is below 256, so no even length gives the same string.
  units.push(key.length % 2 === 1 ? byteAt(key, key.length - 1) : 0x100);
  return String.fromCharCode.apply(undefined, units);
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
