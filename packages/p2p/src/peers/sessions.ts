import { type AccountId, equalBytes, toHex } from "@aethel/models";
import type { Connection } from "@libp2p/interface";
import { type Claims, createClaims } from "./claims.ts";
import type { Directory } from "./directory.ts";
import { createGuides } from "./guides.ts";
import type { NamedSession, Session } from "./session.ts";

export type { NamedSession, Session } from "./session.ts";

/** Peers that have passed the handshake, and connections that are still in it. */
export interface Sessions extends Pick<Claims, "provenBy" | "nameOf" | "validators"> {
  /**
   * Notes an open connection. Calls of `settled` for it wait until `admit` or `remove` is called.
   */
  expect(connection: Connection): void;
  admit(session: Session): void;
  /** Removes a connection. Returns its session, or undefined if it had none. */
  remove(connection: Connection): Session | undefined;
  /**
   * Resolves with the session of a connection when its handshake has finished, or with undefined if
   * the handshake has failed.
   */
  settled(connection: Connection): Promise<Session | undefined>;
  /** Returns a peer's latest session. Undefined if the peer has none. */
  ofPeer(peer: string): Session | undefined;
  /** Returns the proven session of a validator. Undefined if there is none. */
  ofValidator(name: AccountId): Session | undefined;
  /**
   * Returns the sessions to which requests can be sent. First come the validators. Then come, under
   * aliases, peers that only claim to be a validator of which no session is proven. Such a claim
   * has no other effect. While most of the set is not connected, some other peers follow under
   * aliases: those that are trusted, then those that this node dialed.
   */
  askable(): readonly NamedSession[];
  /**
   * Returns the names to which requests can be sent: those of `askable`, and validators that are
   * reached over a sentry.
   */
  names(): readonly AccountId[];
  /** Whether a peer shares the budgets and places of all peers that are no validators. */
  isGuest(session: Session): boolean;
  /** Whether a peer is trusted although it may be no validator. */
  isTrusted(peer: string): boolean;
  /** Announces names that became reachable without a new session, by a new record. */
  refresh(): void;
  /** Returns all sessions, oldest first. */
  all(): readonly Session[];
  /** Returns the sessions of one peer, oldest first. */
  allOf(peer: string): readonly Session[];
}

/**
 * Creates `Sessions`. `onReachable` is called once for each name (validator id or alias) that has
 * become reachable for requests, and for each name whose peer has restarted.
 */
export function createSessions(options: {
  readonly directory: Directory;
  readonly self: AccountId | undefined;
  readonly onReachable: (name: AccountId) => void;
  /** Whether a peer is trusted although it may be no validator. Default: none is. */
  readonly isTrusted?: (peer: string) => boolean;
  /** Returns the validators that are reached over a sentry. Default: none is. */
  readonly relayed?: () => readonly NamedSession[];
  /** Called with each new session. */
  readonly onAdmitted?: (session: Session) => void;
}): Sessions {
  const { directory, self, isTrusted = () => false, relayed = () => [] } = options;
  const waiting = new Map<string, PromiseWithResolvers<Session | undefined>>();
  const admitted = new Map<string, Session>();
  const claims = createClaims({ directory, self, sessions: () => admitted.values() });
  const guides = createGuides({ claims, directory, isTrusted, sessions: () => admitted.values() });
  const others = () => [...claims.claimants(), ...guides()];
  const named = () => [...claims.validators(), ...relayed(), ...others()];
  const announce = createAnnouncer(named, options.onReachable);
  let version = -1;

  /**
   * Announces validator ids and aliases that became reachable because the validator set has changed
   * while their peers were connected.
   */
  function follow(): void {
    if (directory.version() === version) return;
    version = directory.version();
    announce();
  }

  function settle(connection: Connection, session: Session | undefined): void {
    waiting.get(connection.id)?.resolve(session);
    waiting.delete(connection.id);
  }

  const validators = () => {
    follow();
    return claims.validators();
  };
  const allOf = (peer: string) => [...admitted.values()].filter((each) => each.peer === peer);
  return {
    expect: ({ id }) => void waiting.set(id, Promise.withResolvers()),
    admit(session) {
      admitted.set(session.connection.id, session);
      settle(session.connection, session);
      announce();
      options.onAdmitted?.(session);
    },
    remove(connection) {
      const session = admitted.get(connection.id);
      admitted.delete(connection.id);
      settle(connection, undefined);
      if (session !== undefined) announce();
      return session;
    },
    settled(connection) {
      const pending = waiting.get(connection.id)?.promise;
      return pending ?? Promise.resolve(admitted.get(connection.id));
    },
    ofPeer: (peer) => allOf(peer).at(-1),
    ofValidator: (name) => validators().find((each) => equalBytes(each.name, name))?.session,
    validators,
    askable: () => [...validators(), ...others()],
    names() {
      follow();
      return named().map(({ name }) => name);
    },
    isGuest: (session) => claims.nameOf(session) === undefined && !isTrusted(session.peer),
    isTrusted,
    refresh: announce,
    provenBy: claims.provenBy,
    nameOf: claims.nameOf,
    all: () => [...admitted.values()],
    allOf,
  };
}

/**
 * Creates a function that announces the names (validator ids and aliases) that are reachable now
 * and were not before.
 */
function createAnnouncer(
  named: () => readonly NamedSession[],
  onReachable: (name: AccountId) => void,
): () => void {
  const announced = new Map<string, Uint8Array>();
  return () => {
    const present = new Set<string>();
    for (const { name, session } of named()) {
      const key = toHex(name);
      present.add(key);
      const known = announced.get(key);
      if (known !== undefined && equalBytes(known, session.instance)) continue;
      announced.set(key, session.instance);
      onReachable(name);
    }
    for (const key of announced.keys()) if (!present.has(key)) announced.delete(key);
  };
}
