import {
  type AccountId,
  type Digest,
  type PublicKey,
  type Signable,
  type Signature,
  type Signer,
  verifySigned,
} from "@aethel/models";
import {
  accountId,
  boundedBytes,
  type Codec,
  list,
  natural,
  publicKey,
  signature,
  struct,
} from "@aethel/models/codec";

/** Most peers that a record names, and most addresses of each. */
const ENTRIES_MAX = 4;
const PEER_TEXT = /^[1-9A-HJ-NP-Za-km-z]{1,64}$/;
const ADDRESS_TEXT = /^\/[\x21-\x7e]{1,255}$/;

/** Peer through which a validator can be reached: itself, or one of its sentries. */
export interface RecordEntry {
  /** Peer id as text. */
  readonly peer: string;
  /** Multiaddresses of the peer, as text. */
  readonly addresses: readonly string[];
}

/**
 * Statement of a validator, signed with its consensus key, about the peers through which it can be
 * reached. A private validator names its sentries. Of two records of a validator the one with the
 * higher `sequence` counts.
 */
export interface ValidatorRecord {
  readonly validator: AccountId;
  readonly key: PublicKey;
  readonly sequence: number;
  readonly entries: readonly RecordEntry[];
  readonly signature: Signature;
}

const fields = {
  validator: accountId,
  key: publicKey,
  sequence: natural(8),
  entries: list(
    struct("RecordEntry", {
      peer: boundedBytes(64),
      addresses: list(boundedBytes(256), ENTRIES_MAX),
    }),
    ENTRIES_MAX,
  ),
};
const RecordBody = struct("ValidatorRecordBody", fields);
const WireRecord = struct("ValidatorRecord", { ...fields, signature });

/** Codec of a record. Decoding refuses text that is no peer id or no multiaddress by its letters. */
export const ValidatorRecord: Pick<Codec<ValidatorRecord>, "encode" | "decode" | "maxBytes"> = {
  maxBytes: WireRecord.maxBytes,
  encode: (record) => WireRecord.encode({ ...record, entries: toWire(record.entries) }),
  decode(bytes) {
    const { entries, ...rest } = WireRecord.decode(bytes);
    return { ...rest, entries: entries.map(fromWire) };
  },
};

function toWire(entries: readonly RecordEntry[]) {
  return entries.map(({ peer, addresses }) => ({
    peer: utf8(peer),
    addresses: addresses.map(utf8),
  }));
}

function fromWire(entry: {
  readonly peer: Uint8Array;
  readonly addresses: readonly Uint8Array[];
}): RecordEntry {
  return {
    peer: textIn(entry.peer, PEER_TEXT),
    addresses: entry.addresses.map((address) => textIn(address, ADDRESS_TEXT)),
  };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textIn(bytes: Uint8Array, form: RegExp): string {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  if (form.test(text)) return text;
  throw new Error("not a peer id or a multiaddress");
}

function signableRecord(genesis: Digest, record: Omit<ValidatorRecord, "signature">): Signable {
  const bytes = RecordBody.encode({ ...record, entries: toWire(record.entries) });
  return { tag: "validator-record", genesis, bytes };
}

/** Creates a record, signed by `signer`. Entries beyond the most that a record has are left out. */
export function createValidatorRecord(options: {
  readonly genesis: Digest;
  readonly validator: AccountId;
  readonly signer: Signer;
  readonly sequence: number;
  readonly entries: readonly RecordEntry[];
}): ValidatorRecord {
  const { genesis, validator, signer, sequence } = options;
  const entries = options.entries
    .slice(0, ENTRIES_MAX)
    .map(({ peer, addresses }) => ({ peer, addresses: addresses.slice(0, ENTRIES_MAX) }));
  const body = { validator, key: signer.publicKey, sequence, entries };
  return { ...body, signature: signer.sign(signableRecord(genesis, body)) };
}

/** Whether the key that a record names has signed it. */
export function isRecordSigned(genesis: Digest, record: ValidatorRecord): boolean {
  const { signature: proof, ...body } = record;
  return verifySigned(record.key, signableRecord(genesis, body), proof);
}
