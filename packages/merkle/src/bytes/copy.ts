/**
 * Copies the bytes `from .. to-1` into a new array. `slice` does not always copy: a caller may pass
 * Node's Buffer, a Uint8Array whose `slice` is a view.
 */
export function copyBytes(bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}

/**
 * Copies `count` bytes, for up to about a hundred bytes. For so few, a loop is faster than `set`
 * with a view (measured).
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
