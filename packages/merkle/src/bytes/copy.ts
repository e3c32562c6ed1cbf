/**
 * Copies the bytes `from .. to-1` into a new array. `slice` would not do for bytes of a caller:
 * Node's Buffer is a Uint8Array whose `slice` is a view.
 */
export function copyBytes(bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}

/**
 * Copies up to about a hundred bytes; for these a loop is faster than a view and `set` (measured).
 */
export function copyFew(
  source: { readonly bytes: Uint8Array; readonly at: number },
  target: Uint8Array,
  to: number,
  count: number,
): void {
  const { bytes, at } = source;
  for (let byte = 0; byte < count; byte++) target[to + byte] = bytes[at + byte] ?? 0;
}
