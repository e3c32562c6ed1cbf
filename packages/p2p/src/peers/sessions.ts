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
  /** Proven by signature; whether the set has it is asked each time. */
  readonly claim: ValidatorClaim | undefined;
  readonly budget: PeerBudget;
}

/** All peers that passed the handshake, and those that are at it. */
export interface Sessions {
  /** A connection opened: until `admit` or `remove`, whoever asks for its session waits. */
  expect(connection: Connection): void;
  admit(session: Session): void;
  /** The session that ended, if it had become one. */
  remove(connection: Connection): Session | undefined;
  /** The session of a connection once its handshake is done; undefined when that fails. */
  settled(connection: Connection): Promise<Session | undefined>;
  /** A peer's latest session. */
  ofPeer(peer: string): Session | undefined;
  /** A validator's latest session. */
  ofValidator(name: AccountId): Session | undefined;
  /** The latest session of each validator, ascending by name, without ourselves. */
  validators(): readonly { readonly name: AccountId; readonly session: Session }[];
  nameOf(session: Session): AccountId | undefined;
  all(): readonly Session[];
}

/** `onReachable` is called once for each validator that becomes reachable, or that restarted. */
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

  /** Sessions whose claim the set has borne out. */
  const proven = new WeakSet<Session>();

  const isSelf = (name: AccountId) => self !== undefined && equalBytes(self, name);
  const isMember = (id: AccountId) => directory.keyOf(id) !== undefined;

  /**
   * A session that has proved the key of its time keeps its name while its validator is in the set: a
   * key that rotates must not cut the connections at the border.
   */
  function nameOf(session: Session): AccountId | undefined {
    const { claim } = session;
    if (claim === undefined) return undefined;
    if (directory.names(claim)) proven.add(session);
    return proven.has(session) && isMember(claim.id) ? claim.id : undefined;
  }

  /**
   * Of a member without a proven session the one that claims its name stands in, though not as a
   * sender: who is behind by a border knows the old keys alone, and has to ask somebody.
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

  /** A change of the set can make a validator of a peer that has been here for long. */
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
