import type { Libp2p, PrivateKey } from "@libp2p/interface";
import { peerIdFromString } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import type { DropReason, PeerEvent } from "../events.ts";
import type { PeerLimits } from "../limits.ts";
import type { Candidate } from "../outbound/choose-outbound.ts";
import type { Session, Sessions } from "../peers/sessions.ts";
import type { ChainProtocols } from "../protocols.ts";
import { type AddressBook, createAddressBook } from "./address-book.ts";
import { mayTell, type PeerAddress, scopeOf, sourceGroupOf } from "./address-rules.ts";
import { type AskPeers, createAskPeers } from "./ask-peers.ts";
import type { DialPolicy } from "./dial-policy.ts";
import type { DiscoveryLimits } from "./discovery-limits.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import type { DiscoveryOptions } from "./options.ts";
import { createOwnRecord, type OwnRecord } from "./own-record.ts";
import { type OpenedRecord, openRecord } from "./peer-record.ts";
import { createServePeers } from "./serve-peers.ts";
import { shareRecords } from "./share-records.ts";

/** Part of a transport that finds peers and stays connected to some of them. */
export interface Discovery {
  readonly book: AddressBook;
  /** Handles an inbound stream of peer exchange. */
  readonly accept: ReturnType<typeof createServePeers>;
  /** Takes in an address from another source than a peer. */
  learn(found: {
    readonly peer: string;
    readonly addresses: readonly PeerAddress[];
    readonly source: "bootstrap" | "dns" | "mdns" | "dht";
    readonly sourceGroup: string;
  }): void;
  /** Begins to dial. libp2p MUST have started. */
  start(): void;
  /** Takes notice of what happened to a connection. */
  onEvent(event: PeerEvent): void;
  stop(): void;
}

/** Parts of the transport that discovery uses. */
export interface DiscoveryParts {
  readonly options: DiscoveryOptions;
  readonly limits: DiscoveryLimits & PeerLimits;
  readonly protocols: ChainProtocols;
  readonly privateKey: PrivateKey;
  readonly libp2p: Libp2p;
  readonly sessions: Sessions;
  readonly policy: DialPolicy;
  readonly drop: (session: Session, reason: DropReason) => void;
  readonly fault: (session: Session, reason: DropReason) => void;
  /** Returns the peers that the records of validators name. */
  readonly vouched: () => readonly Candidate[];
  /** Peer ids of private validators. They are not in the book, so nobody is told about them. */
  readonly secret: ReadonlySet<string>;
  /** Returns milliseconds of a monotonic clock. */
  readonly now: () => number;
}

/** Reasons of a refusal that end a peer's place in the address book. */
const HOPELESS = new Set(["not-libp2p", "not-aethel", "other-chain", "key-type"]);

/** Creates the part of a transport that finds peers. Nothing runs before `start`. */
export function createDiscovery(parts: DiscoveryParts): Discovery {
  const { options, limits, protocols, libp2p, sessions, now } = parts;
  const { store } = options;
  const book = createAddressBook({ limits, now: Date.now, stored: store?.load() ?? [] });
  const hidden = new Set([...parts.secret, libp2p.peerId.toString()]);
  const ownRecord = ownRecordOf(parts);
  const takeIn = createTakeIn({ book, hidden, domain: protocols.record });
  const ask = asker(parts, ownRecord);
  let keeper: Keeper | undefined;
  let saving: ReturnType<typeof setInterval> | undefined;
  const save = (): void => {
    const changes = book.takeChanges();
    if (changes.length > 0) store?.write(changes);
  };

  return {
    book,
    accept: createServePeers({
      ...parts,
      async learnOwn(session, record) {
        const isOwn = await takeIn.own(session, record);
        keeper?.wake();
        return isOwn;
      },
      records: (asker, count) =>
        shareRecords({ book, sessions: sessions.all(), asker, count, random: Math.random }),
    }),
    learn(found) {
      if (hidden.has(found.peer)) return;
      const learned = book.learn(found);
      if (learned === "added" || learned === "changed") keeper?.wake();
    },
    start() {
      keeper = createKeeper({
        book,
        limits,
        now,
        sessions: () => sessions.all(),
        vouched: () => parts.vouched().filter(({ peer = "" }) => !hidden.has(peer)),
        dial: (candidate) => dial(candidate, parts, book),
        ask: async (session) => takeIn.told(session, await ask(session)),
      });
      saving = setInterval(save, limits.saveMs).unref();
    },
    onEvent(event) {
      if (event.type === "connected" && isDialed(sessions, event.peer)) book.reached(event.peer);
      if (event.type === "refused" && event.peer !== undefined) {
        if (HOPELESS.has(event.reason)) book.forget(event.peer);
        else if (event.reason !== "full") book.failed(event.peer);
      }
      if (event.type === "connected" || event.type === "disconnected") keeper?.wake();
    },
    stop() {
      keeper?.stop();
      clearInterval(saving);
      save();
    },
  };
}

function asker({ protocols, limits, fault }: DiscoveryParts, ownRecord: OwnRecord): AskPeers {
  return createAskPeers({
    protocol: protocols.peers,
    domain: protocols.record,
    limits,
    fault,
    ownRecord: ({ connection }) => ownRecord(scopeOf(connection.remoteAddr)),
  });
}

function ownRecordOf({ options, protocols, privateKey, libp2p }: DiscoveryParts): OwnRecord {
  const { announce = [] } = options;
  return createOwnRecord({
    privateKey,
    domain: protocols.record,
    now: Date.now,
    addresses: () =>
      announce.length > 0 ? announce : libp2p.getMultiaddrs().map((each) => each.toString()),
  });
}

/** Takes what peers tell into the book. An address that the peer may not tell is left out. */
function createTakeIn(options: {
  readonly book: AddressBook;
  readonly hidden: ReadonlySet<string>;
  readonly domain: string;
}): {
  own(session: Session, record: Uint8Array): Promise<boolean>;
  told(session: Session, records: readonly OpenedRecord[] | undefined): number;
} {
  const { book, hidden, domain } = options;

  function learn(session: Session, { peer, bytes, recordedAt, addresses }: OpenedRecord): boolean {
    if (hidden.has(peer)) return false;
    const { remoteAddr } = session.connection;
    const teller = scopeOf(remoteAddr);
    const learned = book.learn({
      peer,
      addresses: addresses.filter(({ scope }) => mayTell(teller, scope)),
      signed: { record: bytes, recordedAt },
      source: `peer ${session.peer}`,
      sourceGroup: sourceGroupOf(remoteAddr),
    });
    return learned === "added";
  }

  return {
    async own(session, record) {
      const opened = await openRecord(record, domain);
      if (opened === undefined || opened.peer !== session.peer) return false;
      learn(session, opened);
      return true;
    },
    told: (session, records = []) => records.filter((record) => learn(session, record)).length,
  };
}

async function dial(
  { peer, address }: Candidate,
  { libp2p, limits, policy, sessions }: DiscoveryParts,
  book: AddressBook,
): Promise<void> {
  if (peer === undefined) return;
  const addresses = book.get(peer)?.addresses.map(({ text }) => text) ?? [address];
  // The addresses in the book were checked when they were told. Others are checked now.
  const release = policy.permit(book.get(peer) === undefined ? [] : addresses);
  try {
    const id = peerIdFromString(peer);
    const targets = addresses.map((address) => multiaddr(`${address}/p2p/${id.toString()}`));
    const signal = AbortSignal.timeout(limits.handshakeTimeoutMs);
    await sessions.settled(await libp2p.dial(targets, { signal }));
  } catch {
    book.failed(peer);
  } finally {
    release();
  }
}

function isDialed(sessions: Sessions, peer: string): boolean {
  return sessions.allOf(peer).some(({ connection }) => connection.direction === "outbound");
}
