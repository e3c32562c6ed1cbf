import { boolean, boundedBytes, type Codec, list, natural, struct } from "@aethel/models/codec";
import { type PeerAddress, readAddress } from "./address-rules.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";
import { RECORD_BYTES_MAX } from "./peer-record.ts";

/** How this node first heard of a peer. `peer ID`: another peer told it. */
export type AddressSource = "bootstrap" | "dns" | "mdns" | "dht" | `peer ${string}`;

/** Peer in the address book: its addresses, who told them, and how dialing them went. */
export interface BookEntry {
  /** Peer id as text. */
  readonly peer: string;
  readonly addresses: readonly PeerAddress[];
  /** Record with the addresses, signed by the peer. Empty if nobody has told one. */
  readonly record: Uint8Array;
  /** Time of the record in Unix milliseconds, as the peer says. A later one replaces it. */
  readonly recordedAt: number;
  readonly source: AddressSource;
  /** Group of the address from which the source told it. */
  readonly sourceGroup: string;
  readonly addedAt: number;
  /** Time of the last dial, in Unix milliseconds. 0: none yet. */
  readonly triedAt: number;
  /** Time at which this node last reached the peer by dialing it. 0: not yet. */
  readonly reachedAt: number;
  /** Failed dials since then. */
  readonly failures: number;
  /** Protected from eviction. */
  readonly isAnchor: boolean;
}

const DAY = 86_400_000;

/**
 * Returns how much an entry is worth, from 0 to 100. Peers that were reached lately are worth most;
 * signed addresses are worth more than hearsay; failures count against both.
 */
export function scoreOf(entry: BookEntry, now: number): number {
  const days = Math.max(0, now - entry.reachedAt) / DAY;
  const heard = entry.record.length > 0 ? 40 : 20;
  const base = entry.reachedAt > 0 ? 50 + 50 * 2 ** (-days / 3) : heard;
  return Math.max(0, base - 10 * entry.failures);
}

/** Returns the time from which a peer may be dialed again. */
export function retryAt(
  { triedAt, failures }: Pick<BookEntry, "triedAt" | "failures">,
  limits: Pick<DiscoveryLimits, "retryMinMs" | "retryMaxMs">,
): number {
  if (triedAt === 0) return 0;
  const pauseMs = limits.retryMinMs * 2 ** Math.min(20, Math.max(0, failures - 1));
  return triedAt + Math.min(limits.retryMaxMs, pauseMs);
}

/** Returns whether an entry has failed too often or is too old to be kept. */
export function isStale(
  entry: BookEntry,
  { now, limits }: { readonly now: number; readonly limits: DiscoveryLimits },
): boolean {
  if (entry.isAnchor) return false;
  if (now - Math.max(entry.reachedAt, entry.addedAt) > limits.entryAgeMaxMs) return true;
  return entry.reachedAt === 0 && entry.failures >= limits.failuresMax;
}

interface StoredEntry {
  readonly peer: Uint8Array;
  readonly addresses: readonly Uint8Array[];
  readonly record: Uint8Array;
  readonly recordedAt: number;
  readonly source: Uint8Array;
  readonly sourceGroup: Uint8Array;
  readonly addedAt: number;
  readonly triedAt: number;
  readonly reachedAt: number;
  readonly failures: number;
  readonly isAnchor: boolean;
}

const time = natural(8);

const StoredEntry: Codec<StoredEntry> = struct("StoredEntry", {
  peer: boundedBytes(64),
  addresses: list(boundedBytes(256), 32),
  record: boundedBytes(RECORD_BYTES_MAX),
  recordedAt: time,
  source: boundedBytes(80),
  sourceGroup: boundedBytes(64),
  addedAt: time,
  triedAt: time,
  reachedAt: time,
  failures: natural(2),
  isAnchor: boolean,
});

/** Encodes an entry for an `AddressBookStore`. */
export function encodeEntry(entry: BookEntry): Uint8Array {
  return StoredEntry.encode({
    ...entry,
    peer: Buffer.from(entry.peer),
    addresses: entry.addresses.map(({ text }) => Buffer.from(text)),
    source: Buffer.from(entry.source),
    sourceGroup: Buffer.from(entry.sourceGroup),
    failures: Math.min(entry.failures, 65_535),
  });
}

/** Decodes an entry from an `AddressBookStore`. Returns undefined for anything else. */
export function decodeEntry(bytes: Uint8Array): BookEntry | undefined {
  try {
    const stored = StoredEntry.decode(bytes);
    const addresses = stored.addresses.flatMap((text) => readAddress(asText(text), "names") ?? []);
    const source = sourceFrom(asText(stored.source));
    if (addresses.length === 0 || source === undefined) return undefined;
    const sourceGroup = asText(stored.sourceGroup);
    return { ...stored, peer: asText(stored.peer), addresses, source, sourceGroup };
  } catch {
    return undefined;
  }
}

function sourceFrom(text: string): AddressSource | undefined {
  if (text === "bootstrap" || text === "dns" || text === "mdns" || text === "dht") return text;
  return text.startsWith("peer ") ? `peer ${text.slice(5)}` : undefined;
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
