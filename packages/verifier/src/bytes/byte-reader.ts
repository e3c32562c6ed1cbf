/**
 * Reader of numbers and byte strings, which have one canonical form.
 *
 * A number is an unsigned LEB128: groups of seven bits, the least significant first, all but the
 * last with the high bit set. The last group must not be zero, unless it is the only one. The
 * functions that read return `undefined` at the end of the bytes and for a number that is not in
 * its shortest form.
 */
export interface ByteReader {
  readonly bytes: Uint8Array;
  at: number;
}

/** Appends a natural number. */
export function writeNatural(out: number[], value: bigint): void {
  let rest = value;
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  out.push(Number(rest));
}

/** Appends the length of a byte string, then its bytes. */
export function writeBytes(out: number[], bytes: Uint8Array): void {
  writeNatural(out, BigInt(bytes.length));
  for (const byte of bytes) out.push(byte);
}

/**
 * Reads a natural number of at most `groupsMax` groups of seven bits. Undefined if there is none in
 * canonical form.
 */
export function readNatural(reader: ByteReader, groupsMax: number): bigint | undefined {
  let value = 0n;
  for (let group = 0; group < groupsMax; group++) {
    const byte = readByte(reader);
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 127) << BigInt(7 * group);
    if (byte < 128) return byte === 0 && group > 0 ? undefined : value;
  }
  return undefined;
}

/** Reads a count or a length. Undefined if there is none in canonical form below 2^28. */
export function readLength(reader: ByteReader): number | undefined {
  const value = readNatural(reader, 4);
  return value === undefined ? undefined : Number(value);
}

/** Reads one byte. Undefined at the end. */
export function readByte(reader: ByteReader): number | undefined {
  const byte = reader.bytes[reader.at];
  if (byte !== undefined) reader.at++;
  return byte;
}

/**
 * Reads a byte string that was written with its length. Undefined if the bytes end before it does.
 */
export function readBytes(reader: ByteReader): Uint8Array | undefined {
  const length = readLength(reader);
  if (length === undefined || length > reader.bytes.length - reader.at) return undefined;
  reader.at += length;
  return reader.bytes.slice(reader.at - length, reader.at);
}

/** Tells whether all bytes have been read. */
export function isAtEnd(reader: ByteReader): boolean {
  return reader.at === reader.bytes.length;
}
