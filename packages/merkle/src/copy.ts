/**
 * The bytes `from .. to-1` in an array of their own. Never `bytes.slice()` on bytes of a caller:
 * Node's Buffer is a Uint8Array whose `slice` is a view.
 */
export function copyBytes(bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}
