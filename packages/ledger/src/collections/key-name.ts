/**
 * A byte string as a string, a different one for each, to find it in a `Map`. Not for people.
 *
 * Two bytes are one code unit. Measured: with hexadecimal digits, a fifth of an invoke's time went
 * into finding keys; these take a tenth as long.
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
