/**
 * Buffer to which bytes are appended. It does not grow, so it must be large enough from the start.
 */
export interface Output {
  readonly bytes: Uint8Array<ArrayBuffer>;
  at: number;
}

/** Number of bytes up to which a loop is faster than `set`. */
const SHORT = 128;

/** Appends the bytes of `source` from `from` to `to`. */
export function append(output: Output, source: Uint8Array, from = 0, to = source.length): void {
  const { bytes } = output;
  if (to - from > SHORT) {
    bytes.set(source.subarray(from, to), output.at);
    output.at += to - from;
    return;
  }
  for (let at = from; at < to; at++) bytes[output.at++] = source[at] ?? 0;
}

export function appendByte(output: Output, byte: number): void {
  output.bytes[output.at++] = byte;
}

/** Appends an unsigned LEB128 number. */
export function appendUnsigned(output: Output, value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    output.bytes[output.at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  output.bytes[output.at++] = rest;
}

const SIZE_BYTES = 5;

/** Reserves five bytes for a size that is not known yet, and returns their offset. */
export function reserveSize(output: Output): number {
  const at = output.at;
  output.at += SIZE_BYTES;
  return at;
}

/** Writes the size of everything that was appended since `reserveSize`. */
export function fillSize({ bytes, at: end }: Output, reserved: number): void {
  const size = end - reserved - SIZE_BYTES;
  for (let byte = 0; byte < SIZE_BYTES - 1; byte++) {
    bytes[reserved + byte] = ((size >>> (7 * byte)) & 0x7f) | 0x80;
  }
  bytes[reserved + SIZE_BYTES - 1] = size >>> 28;
}
