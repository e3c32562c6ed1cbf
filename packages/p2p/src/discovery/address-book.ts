import type { Candidate } from "../outbound/choose-outbound.ts";
import type { PeerAddress } from "./address-rules.ts";
import {
  type AddressSource,
  type BookEntry,
  decodeEntry,
  encodeEntry,
  isStale,
  retryAt,
  scoreOf,
} from "./book-entry.ts";
import type { BookChange } from "./book-store.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";
import { makeRoom } from "./eviction.ts";

/** Addresses of a peer that somebody told this node. */
export interface Hearsay {
  /** Peer id as text. */
  readonly peer: string;
  readonly addresses: readonly PeerAddress[];
  /** Record that the peer signed, with its time. Undefined for unsigned addresses. */
  readonly signed?: { readonly record: Uint8Array; readonly recordedAt: number };
  readonly source: AddressSource;
  /** Group of the address from which the source told it. */
  readonly sourceGroup: string;
}

/** Result of learning an address. `refused`: there is no room for it. */
export type Learned = "added" | "changed" | "known" | "refused";

/**
 * Addresses of peers, bounded in number in all, for each source and for each address group. An
 * address that somebody told is worth little until this node has reached the peer at it.
 */
export interface AddressBook {
  /** Takes in what somebody told. It never displaces what other sources told, or a reached peer. */
  learn(hearsay: Hearsay): Learned;
  /** Notes that this node dials a peer. */
  dialed(peer: string): void;
  /** Notes that this node dialed a peer and its handshake was accepted. */
  reached(peer: string): void;
  /** Notes that a dial or handshake failed. A peer that fails too often is forgotten. */
  failed(peer: string): void;
  /** Removes the entry of a peer. Does nothing if there is none. */
  forget(peer: string): void;
  /** Protects the entries of these peers from eviction, and no others. Further ones are ignored. */
  protect(peers: readonly string[]): void;
  /** Returns the entry of a peer. Undefined if there is none. */
  get(peer: string): BookEntry | undefined;
  /** Returns the peers that may be dialed now, the best first. */
  candidates(): readonly Candidate[];
  /** Returns all entries, in the order in which they were added. */
  entries(): readonly BookEntry[];
  /** Returns the changes since the last call, for an `AddressBookStore`. */
  takeChanges(): readonly BookChange[];
}

/** Creates an address book with the entries of a store. Malformed ones are removed from it. */
export function createAddressBook(options: {
  readonly limits: DiscoveryLimits;
  /** Returns Unix milliseconds. */
  readonly now: () => number;
  readonly stored?: Iterable<Uint8Array>;
}): AddressBook {
  const { limits, now } = options;
  const entries = new Map<string, BookEntry>();
  const changed = new Set<string>();

  function set(entry: BookEntry): void {
    entries.set(entry.peer, entry);
    changed.add(entry.peer);
  }

  function forget(peer: string): void {
    if (entries.delete(peer)) changed.add(peer);
  }

  function update(peer: string, change: Partial<BookEntry>): void {
    const entry = entries.get(peer);
    if (entry === undefined) return;
    const next = { ...entry, ...change };
    if (isStale(next, { now: now(), limits })) forget(peer);
    else set(next);
  }

  for (const bytes of options.stored ?? []) {
    const entry = decodeEntry(bytes);
    if (entry === undefined || entries.size >= limits.entriesMax) continue;
    if (!isStale(entry, { now: now(), limits })) entries.set(entry.peer, entry);
  }

  return {
    learn(hearsay) {
      const addresses = hearsay.addresses.slice(0, limits.addressesMax);
      if (addresses.length === 0) return "refused";
      const known = entries.get(hearsay.peer);
      if (known !== undefined) {
        const heard = { ...hearsay, addresses };
        const next = attribute(renew(known, heard, limits), heard, entries.values());
        if (next === known) return "known";
        set(next);
        return "changed";
      }
      const entry = entryFrom({ ...hearsay, addresses }, now());
      const room = makeRoom({ entries: entries.values(), entry, limits, now: now() });
      if (room.type === "full") return "refused";
      if (room.evicted !== undefined) forget(room.evicted);
      set(entry);
      return "added";
    },
    dialed: (peer) => update(peer, { triedAt: now() }),
    reached: (peer) => update(peer, { reachedAt: now(), failures: 0 }),
    failed: (peer) => update(peer, { failures: (entries.get(peer)?.failures ?? 0) + 1 }),
    forget,
    protect(peers) {
      const anchors = new Set(peers.slice(0, limits.anchorsMax));
      for (const { peer, isAnchor } of entries.values()) {
        if (isAnchor !== anchors.has(peer)) update(peer, { isAnchor: anchors.has(peer) });
      }
    },
    get: (peer) => entries.get(peer),
    candidates: () => candidatesOf(entries.values(), { at: now(), limits }),
    entries: () => [...entries.values()],
    takeChanges() {
      const changes = [...changed].map((peer) => changeOf(peer, entries.get(peer)));
      changed.clear();
      return changes;
    },
  };
}

function changeOf(peer: string, entry: BookEntry | undefined): BookChange {
  return { peer, entry: entry === undefined ? undefined : encodeEntry(entry) };
}

function candidatesOf(
  entries: Iterable<BookEntry>,
  { at, limits }: { readonly at: number; readonly limits: DiscoveryLimits },
): readonly Candidate[] {
  return [...entries]
    .filter((entry) => isDue(entry, { at, limits }))
    .map((entry) => candidateFrom(entry, at))
    .toSorted((left, right) => right.score - left.score);
}

/** Returns whether an entry may be dialed. A time in the future comes from a clock that was set. */
function isDue(
  entry: BookEntry,
  { at, limits }: { readonly at: number; readonly limits: DiscoveryLimits },
): boolean {
  return entry.triedAt > at || retryAt(entry, limits) <= at;
}

function candidateFrom(entry: BookEntry, at: number): Candidate {
  return {
    peer: entry.peer,
    address: entry.addresses[0]?.text ?? "",
    source: entry.isAnchor ? "anchor" : entry.source,
    score: entry.failures > 0 ? -entry.failures : scoreOf(entry, at),
  };
}

function entryFrom(hearsay: Hearsay, addedAt: number): BookEntry {
  const { peer, addresses, signed, source, sourceGroup } = hearsay;
  return {
    peer,
    addresses,
    record: signed?.record ?? new Uint8Array(0),
    recordedAt: signed?.recordedAt ?? 0,
    source,
    sourceGroup,
    addedAt,
    triedAt: 0,
    reachedAt: 0,
    failures: 0,
    isAnchor: false,
  };
}

/**
 * Returns an entry with what was heard: a later record replaces the addresses. Unsigned addresses
 * are added to unsigned ones only. Returns the same object if nothing changes.
 */
function renew(known: BookEntry, heard: Hearsay, limits: DiscoveryLimits): BookEntry {
  const { signed, addresses, source, peer } = heard;
  if (signed !== undefined) {
    // What a peer tells of itself counts even if its clock was set back.
    const isOwn = source === `peer ${peer}`;
    const isSame = Buffer.from(known.record).equals(signed.record);
    if (isSame || (signed.recordedAt <= known.recordedAt && !isOwn)) return known;
    return { ...known, addresses, ...signed };
  }
  if (known.record.length > 0) return known;
  const texts = new Set(known.addresses.map(({ text }) => text));
  const added = addresses.filter(({ text }) => !texts.has(text));
  const room = limits.addressesMax - known.addresses.length;
  if (added.length === 0 || room <= 0) return known;
  return { ...known, addresses: [...known.addresses, ...added.slice(0, room)] };
}

/**
 * Returns an entry that was told again, with the source that told fewer of the peers in the book. So
 * the peers that one source knows and others know too do not all count as that source's.
 */
function attribute(
  entry: BookEntry,
  { source, sourceGroup }: Hearsay,
  all: Iterable<BookEntry>,
): BookEntry {
  if (source === entry.source || source === `peer ${entry.peer}`) return entry;
  let difference = 0;
  for (const other of all) {
    if (other.source === entry.source) difference += 1;
    else if (other.source === source) difference -= 1;
  }
  return difference > 1 ? { ...entry, source, sourceGroup } : entry;
}
