import { type Digest, sha256 } from "@aethel/models/primitives";
import {
  isAtEnd,
  readByte,
  readBytes,
  readLength,
  writeBytes,
  writeNatural,
} from "../bytes/byte-reader.ts";

/**
 * Version of the certificate format, and first byte of every certificate. Each proof in it also
 * begins with the kernel's version.
 */
export const CERTIFICATE_VERSION = 1;

/**
 * Greatest size of the certificate of a source, in bytes. It is stored as one value of the ledger's
 * tree, and a value has at most 1 MiB. Measured: each certificate of the standard library has under
 * 6 kB. The certificate of an intent in which one sender pays 13 accounts has under 100 kB.
 */
export const CERTIFICATE_BYTES_MAX = 1_000_000;

/** Greatest size of one proof, in bytes. The kernel refuses longer ones. */
export const PROOF_BYTES_MAX = 65_536;

/**
 * Encodes the certificate of a source. `rows[i][k]` is the entry of obligation k of intent i, in
 * the order of `compileSource` and `obligationsOf`. A theorem has one row with one entry.
 *
 *     certificate  version byte | count of rows | row ...
 *     row          count of entries | entry ...
 *     entry        length | bytes
 *
 * A certificate does not name its source. If the row of an intent is encoded alone, it certifies
 * this intent alone.
 */
export function encodeCertificate(rows: readonly (readonly Uint8Array[])[]): Uint8Array {
  const out: number[] = [CERTIFICATE_VERSION];
  writeNatural(out, BigInt(rows.length));
  for (const row of rows) {
    writeNatural(out, BigInt(row.length));
    for (const entry of row) writeBytes(out, entry);
  }
  return Uint8Array.from(out);
}

/**
 * Decodes a certificate into its rows. Undefined for bytes that `encodeCertificate` never returns.
 */
export function decodeCertificate(
  bytes: Uint8Array,
): readonly (readonly Uint8Array[])[] | undefined {
  const reader = { bytes, at: 0 };
  if (readByte(reader) !== CERTIFICATE_VERSION) return undefined;
  const rowCount = readLength(reader);
  if (rowCount === undefined || rowCount > bytes.length) return undefined;
  const rows: Uint8Array[][] = [];
  for (let at = 0; at < rowCount; at++) {
    const entryCount = readLength(reader);
    if (entryCount === undefined || entryCount > bytes.length) return undefined;
    const row: Uint8Array[] = [];
    for (let place = 0; place < entryCount; place++) {
      const entry = readBytes(reader);
      if (entry === undefined) return undefined;
      row.push(entry);
    }
    rows.push(row);
  }
  return isAtEnd(reader) ? rows : undefined;
}

/** Returns the SHA-256 hash of a certificate, which the ledger records. */
export function certificateDigest(certificate: Uint8Array): Digest {
  return sha256(certificate);
}
