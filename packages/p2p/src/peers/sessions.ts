import { type AccountId, compareBytes, equalBytes, toHex } from "@aethel/models";
import type { Connection } from "@libp2p/interface";
import type { Directory } from "./directory.ts";
import type { ValidatorClaim } from "./hello.ts";
import type { PeerBudget } from "./peer-budget.ts";

/** A connection whose peer passed the handshake. */
export interface Session {
  readonly connection: Connection;
  /** Peer id as text. */
  readonly peer: string;
  /** Changes when the peer's process restarts. */
  readonly instance: Uint8Array;
  /**
   * Claim to be a validator, proven by signature; undefined if there is none. Whether the set names
   * its key is asked at each use.
   */
  readonly claim: ValidatorClaim | undefined;
  readonly budget: PeerBudget;
}

/** Peers that passed the handshake, and connections in the middle of it. */
export interface Sessions {
  /** Notes an open connection: calls of `settled` wait until `admit` or `remove`. */
  expect(connection: Connection): void;
  admit(session: Session): void;
  /** Removes a connection; returns its session, if it had become one. */
  remove(connection: Connection): Session | undefined;
  /**
   * Resolves with the session of a connection once its handshake is done; with undefined when that
   * fails.
   */
  settled(connection: Connection): Promise<Session | undefined>;
  /** Returns a peer's latest session. */
  ofPeer(peer: string): Session | undefined;
  /** Returns a validator's latest session. */
  ofValidator(name: AccountId): Session | undefined;
  /** Returns the latest session of each other validator, ascending by name. */
  validators(): readonly { readonly name: AccountId; readonly session: Session }[];
  nameOf(session: Session): AccountId | undefined;
  all(): readonly Session[];
}

/**
 * Creates sessions. `onReachable` is called once for each validator that becomes reachable, or that
 * restarted.
 */
export function createSessions(options: {
  readonly directory: Directory;
  readonly self: AccountId | undefined;
  onReachable(name: AccountId): void;
}): Sessions {
  const { directory, self } = options;
  const waiting = new Map<string, PromiseWithResolvers<Session | undefined>>();
  const admitted = new Map<string, Session>();
  const announced = new Map<string, Uint8Array>();
  let version = -1;

  /** Sessions whose claim the set has confirmed. */
  const proven = new WeakSet<Session>();

  const isSelf = (name: AccountId) => self !== undefined && equalBytes(self, name);
  const isMember = (id: AccountId) => directory.keyOf(id) !== undefined;

  /**
   * Returns the validator of a session; undefined if it has none. Once the set has named the key
   * that a session proved, it keeps its validator while that is in the set: a change of key must
   * not cut connections at an epoch boundary.
   */
  function nameOf(session: Session): AccountId | undefined {
    const { claim } = session;
    if (claim === undefined) return undefined;
    if (directory.names(claim)) proven.add(session);
    return proven.has(session) && isMember(claim.id) ? claim.id : undefined;
  }

  /**
   * Returns the sessions of all other members of the set. For a member without a proven session,
   * one that only claims its name is returned. That can be asked, though it does not count as a
   * sender: a node that is behind an epoch boundary knows only old keys, and has to ask somebody.
   */
  function validators(): readonly { readonly name: AccountId; readonly session: Session }[] {
    if (directory.version() !== version) announce();
    const latest = new Map<string, { readonly name: AccountId; readonly session: Session }>();
    const claimed = new Map<string, { readonly name: AccountId; readonly session: Session }>();
    for (const session of admitted.values()) {
      const name = session.claim?.id;
      if (name === undefined || isSelf(name) || !isMember(name)) continue;
      // Insertion order is age: the last one is the newest.
      const kind = nameOf(session) === undefined ? claimed : latest;
      kind.set(toHex(name), { name, session });
    }
    const all = new Map([...claimed, ...latest]);
    return [...all.values()].toSorted((left, right) => compareBytes(left.name, right.name));
  }

  /**
   * Announces validators that have become reachable, also those that a change of the set makes of
   * peers connected before.
   */
  function announce(): void {
    version = directory.version();
    const present = new Set<string>();
    for (const { name, session } of validators()) {
      const key = toHex(name);
      present.add(key);
      const known = announced.get(key);
      if (known !== undefined && equalBytes(known, session.instance)) continue;
      announced.set(key, session.instance);
      options.onReachable(name);
    }
    for (const key of announced.keys()) if (!present.has(key)) announced.delete(key);
  }

  return {
    expect(connection) {
      waiting.set(connection.id, Promise.withResolvers());
    },
    admit(session) {
      admitted.set(session.connection.id, session);
      waiting.get(session.connection.id)?.resolve(session);
      waiting.delete(session.connection.id);
      announce();
    },
    remove(connection) {
      const session = admitted.get(connection.id);
      admitted.delete(connection.id);
      waiting.get(connection.id)?.resolve(undefined);
      waiting.delete(connection.id);
      if (session !== undefined) announce();
      return session;
    },
    settled(connection) {
      const pending = waiting.get(connection.id)?.promise;
      return pending ?? Promise.resolve(admitted.get(connection.id));
    },
    ofPeer: (peer) => [...admitted.values()].findLast((session) => session.peer === peer),
    ofValidator: (name) =>
      validators().find((validator) => equalBytes(validator.name, name))?.session,
    validators,
    nameOf,
    all: () => [...admitted.values()],
  };
}
