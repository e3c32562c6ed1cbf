import type { PrivateKey, Record as SignedContent } from "@libp2p/interface";
import { peerIdFromPrivateKey, peerIdFromPublicKey } from "@libp2p/peer-id";
import { PeerRecord, RecordEnvelope } from "@libp2p/peer-record";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { ADDRESS_BYTES_MAX, type PeerAddress, readAddress } from "./address-rules.ts";

/** Most bytes of a signed record. */
export const RECORD_BYTES_MAX = 1_024;

/** Most addresses in a signed record. */
export const RECORD_ADDRESSES_MAX = 8;

/** Signed statement of a peer about its own addresses, whose signature holds. */
export interface OpenedRecord {
  /** Peer id as text. It belongs to the key that signed the record. */
  readonly peer: string;
  readonly addresses: readonly PeerAddress[];
  /** Time in Unix milliseconds, as the peer says. */
  readonly recordedAt: number;
  readonly bytes: Uint8Array;
}

/**
 * Signs the addresses of this node: libp2p's peer record in its signed envelope, under a domain of
 * the chain, so that records of other chains' nodes are none here. Further addresses than fit are
 * left out.
 */
export async function sealRecord(options: {
  readonly privateKey: PrivateKey;
  /** Domain of the signature, which contains the chain. */
  readonly domain: string;
  readonly addresses: readonly string[];
  readonly recordedAt: number;
}): Promise<Uint8Array> {
  const { privateKey, domain, recordedAt } = options;
  const multiaddrs = options.addresses
    .map((address) => multiaddr(address))
    .filter(({ bytes }) => bytes.length <= ADDRESS_BYTES_MAX);
  const peerId = peerIdFromPrivateKey(privateKey);
  const fitting = fit(multiaddrs);
  const record = new PeerRecord({ peerId, multiaddrs: fitting, seqNumber: BigInt(recordedAt) });
  const content: SignedContent = {
    domain,
    codec: PeerRecord.CODEC,
    marshal: () => record.marshal(),
    equals: (other) => record.equals(other),
  };
  const envelope = await RecordEnvelope.seal(content, privateKey);
  return envelope.marshal().slice();
}

function fit(addresses: readonly Multiaddr[]): Multiaddr[] {
  const budget = RECORD_BYTES_MAX - 256;
  let bytes = 0;
  return addresses.slice(0, RECORD_ADDRESSES_MAX).filter((address) => {
    bytes += address.bytes.length + 8;
    return bytes <= budget;
  });
}

/**
 * Reads a record that a peer told. Returns undefined unless an Ed25519 key signed it for this chain
 * and for its own peer id. Cheap checks come before the signature.
 */
export async function openRecord(
  bytes: Uint8Array,
  domain: string,
): Promise<OpenedRecord | undefined> {
  if (bytes.length === 0 || bytes.length > RECORD_BYTES_MAX) return undefined;
  try {
    const envelope = RecordEnvelope.createFromProtobuf(bytes);
    // Another encoding of the same record would pass for a new one.
    if (!Buffer.from(envelope.marshal()).equals(bytes)) return undefined;
    if (envelope.publicKey.type !== "Ed25519") return undefined;
    if (!Buffer.from(envelope.payloadType).equals(PeerRecord.CODEC)) return undefined;
    const record = PeerRecord.createFromProtobuf(envelope.payload);
    if (!record.peerId.equals(peerIdFromPublicKey(envelope.publicKey))) return undefined;
    if (record.multiaddrs.length > RECORD_ADDRESSES_MAX) return undefined;
    const recordedAt = Number(record.seqNumber);
    if (recordedAt < 0 || recordedAt >= 2 ** 47) return undefined;
    if (!(await envelope.validate(domain))) return undefined;
    const addresses = record.multiaddrs.flatMap(({ bytes: each }) => readAddress(each) ?? []);
    return { peer: record.peerId.toString(), addresses, recordedAt, bytes: bytes.slice() };
  } catch {
    return undefined;
  }
}
