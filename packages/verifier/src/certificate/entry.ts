import { assertNever, concatBytes } from "@aethel/models/primitives";
import {
  type ByteReader,
  isAtEnd,
  readByte,
  readBytes,
  readLength,
  readNatural,
  writeBytes,
  writeNatural,
} from "../bytes/byte-reader.ts";
import type { TermValue } from "../term.ts";

/**
 * Evidence for one obligation.
 *
 * `witness`: values of the arguments and the state for which the guards hold, in the order of
 * `Obligation.observed`; only for the obligation `satisfiable`. `proof`: the kernel's certificate
 * of the obligation itself. `cut`: certificates of the lemmas that the obligation's cut (see `Cut`)
 * assumes, without those that an earlier entry of the same intent has, then the certificate of the
 * cut.
 */
export type CertificateEntry =
  | { readonly type: "witness"; readonly values: readonly TermValue[] }
  | { readonly type: "proof"; readonly proof: Uint8Array }
  | { readonly type: "cut"; readonly lemmas: readonly Uint8Array[]; readonly proof: Uint8Array };

const tags = { witness: 0, proof: 1, cut: 2 } as const;
const signs = { false: 0, true: 1, natural: 2, negative: 3 } as const;

/**
 * Greatest length of one value of a witness, in groups of seven bits. Values of an intent have at
 * most 1,024 bits.
 */
const VALUE_GROUPS_MAX = 147;

/** Encodes an entry as its canonical bytes. */
export function encodeEntry(entry: CertificateEntry): Uint8Array {
  const head: number[] = [tags[entry.type]];
  switch (entry.type) {
    case "witness":
      for (const value of entry.values) writeValue(head, value);
      return Uint8Array.from(head);
    case "proof":
      return concatBytes(Uint8Array.from(head), entry.proof);
    case "cut":
      writeNatural(head, BigInt(entry.lemmas.length));
      for (const lemma of entry.lemmas) writeBytes(head, lemma);
      return concatBytes(Uint8Array.from(head), entry.proof);
    default:
      return assertNever(entry);
  }
}

/** Decodes an entry. Undefined for bytes that `encodeEntry` never returns. */
export function decodeEntry(bytes: Uint8Array): CertificateEntry | undefined {
  const reader: ByteReader = { bytes, at: 0 };
  switch (readByte(reader)) {
    case tags.witness:
      return readWitness(reader);
    case tags.proof:
      return { type: "proof", proof: bytes.slice(reader.at) };
    case tags.cut:
      return readCut(reader);
    default:
      return undefined;
  }
}

function readWitness(reader: ByteReader): CertificateEntry | undefined {
  const values: TermValue[] = [];
  while (!isAtEnd(reader)) {
    const value = readValue(reader);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { type: "witness", values };
}

function readCut(reader: ByteReader): CertificateEntry | undefined {
  const count = readLength(reader);
  if (count === undefined || count > reader.bytes.length) return undefined;
  const lemmas: Uint8Array[] = [];
  for (let at = 0; at < count; at++) {
    const lemma = readBytes(reader);
    if (lemma === undefined) return undefined;
    lemmas.push(lemma);
  }
  return { type: "cut", lemmas, proof: reader.bytes.slice(reader.at) };
}

function writeValue(out: number[], value: TermValue): void {
  if (typeof value === "boolean") {
    out.push(value ? signs.true : signs.false);
    return;
  }
  out.push(value < 0n ? signs.negative : signs.natural);
  writeNatural(out, value < 0n ? -value : value);
}

function readValue(reader: ByteReader): TermValue | undefined {
  const sign = readByte(reader);
  if (sign === signs.false) return false;
  if (sign === signs.true) return true;
  if (sign !== signs.natural && sign !== signs.negative) return undefined;
  const magnitude = readNatural(reader, VALUE_GROUPS_MAX);
  if (magnitude === undefined) return undefined;
  if (sign === signs.natural) return magnitude;
  return magnitude === 0n ? undefined : -magnitude;
}
