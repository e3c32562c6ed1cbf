import type { Session } from "../peers/sessions.ts";
import type { AddressBook } from "./address-book.ts";
import type { PeerAddress } from "./address-rules.ts";
import { mayTell, scopeOf } from "./address-rules.ts";

/**
 * Returns signed records to tell a peer, in random order: of peers that this node has reached, and
 * of connected ones that dial from an address in their own record. Hearsay is never passed on, so a
 * peer cannot have this node advertise the address of somebody else.
 */
export function shareRecords(options: {
  readonly book: AddressBook;
  readonly sessions: readonly Session[];
  /** Peer that asks. */
  readonly asker: Session;
  readonly count: number;
  /** Returns a number from 0 to 1, such as `Math.random`. */
  readonly random: () => number;
}): readonly Uint8Array[] {
  const { book, sessions, asker, count, random } = options;
  const present = new Map(sessions.map((session) => [session.peer, session]));
  const askerScope = scopeOf(asker.connection.remoteAddr);
  const records = book
    .entries()
    .filter(({ peer, record }) => record.length > 0 && peer !== asker.peer)
    .filter(({ addresses }) => addresses.some(({ scope }) => mayTell(askerScope, scope)))
    .filter(({ peer, reachedAt, failures, addresses }) => {
      const session = present.get(peer);
      const isSeen = session !== undefined && dialsFromOne(session, addresses);
      return isSeen || (reachedAt > 0 && failures === 0);
    })
    .map(({ record }) => ({ record, lot: random() }));
  return records
    .toSorted((left, right) => left.lot - right.lot)
    .slice(0, count)
    .map(({ record }) => record);
}

/** Returns whether a peer is at one of its addresses: this node dialed it, or its host is the same. */
function dialsFromOne({ connection }: Session, addresses: readonly PeerAddress[]): boolean {
  if (connection.direction === "outbound") return true;
  const host = connection.remoteAddr.getComponents()[0]?.value ?? "";
  return addresses.some(({ text }) => text.split("/")[2] === host);
}
