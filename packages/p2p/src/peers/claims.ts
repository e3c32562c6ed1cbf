import {
  type AccountId,
  compareBytes,
  equalBytes,
  sha256,
  toAccountId,
  toHex,
} from "@aethel/models";
import type { Directory } from "./directory.ts";
import type { SignedClaim } from "./hello.ts";
import type { NamedSession, Session } from "./session.ts";

/**
 * Decisions on which validator each session (a connection after its handshake) belongs to. A peer
 * may claim to be a validator. The claim is proven if the validator set names the key with which
 * the peer signed it.
 */
export interface Claims {
  /**
   * Returns the validator that a new session with this claim is proven to be. Undefined if it makes
   * no claim, if the validator set does not name the claimed key, or if that key did not sign it.
   */
  readonly provenBy: (claim: SignedClaim | undefined) => AccountId | undefined;
  /**
   * Returns the validator that a session is proven to be. Undefined if the validator set never
   * named the session's key, or if the validator is not in the set now.
   */
  readonly nameOf: (session: Session) => AccountId | undefined;
  /** Returns one session of each other validator that has proven its id, ascending by id. */
  validators(): readonly NamedSession[];
  /**
   * Returns one session, under an alias, for each validator of which no session is proven. The
   * session only claims to be that validator. One that this node dialed is preferred, then the
   * oldest, so that a new session displaces none. A node that has not reached the last epoch
   * boundary knows only old keys, and must be able to ask somebody.
   */
  claimants(): readonly NamedSession[];
}

/**
 * Creates the `Claims`. `sessions` returns the sessions to decide about, from the oldest to the
 * newest.
 */
export function createClaims(options: {
  readonly directory: Directory;
  readonly self: AccountId | undefined;
  sessions(): Iterable<Session>;
}): Claims {
  const { directory, self } = options;
  /** Sessions whose key the validator set has named at some time. */
  const proven = new WeakSet<Session>();

  const isSelf = (name: AccountId) => self !== undefined && equalBytes(self, name);
  const isMember = (id: AccountId) => directory.keyOf(id) !== undefined;
  const isProof = (claim: SignedClaim) => directory.names(claim) && claim.isSigned();
  const hasCurrentKey = ({ claim }: Session) => claim !== undefined && isProof(claim);

  function nameOf(session: Session): AccountId | undefined {
    const { claim } = session;
    if (claim === undefined) return undefined;
    // Once the set has named the key that a session proved, it keeps its validator while that is in
    // the set: a change of key must not cut connections at an epoch boundary.
    if (isProof(claim)) proven.add(session);
    return proven.has(session) && isMember(claim.id) ? claim.id : undefined;
  }

  /**
   * Returns one session for each other member of the set, among the `isEligible` sessions that
   * claim to be that member. `isBetter`: whether a later session is chosen in place of an earlier
   * one.
   */
  function choose(
    isEligible: (session: Session) => boolean,
    isBetter: (later: Session, earlier: Session) => boolean,
  ): ReadonlyMap<string, NamedSession> {
    const chosen = new Map<string, NamedSession>();
    for (const session of options.sessions()) {
      const name = session.claim?.id;
      if (name === undefined || isSelf(name) || !isMember(name) || !isEligible(session)) continue;
      const earlier = chosen.get(toHex(name))?.session;
      if (earlier === undefined || isBetter(session, earlier)) {
        chosen.set(toHex(name), { name, session });
      }
    }
    return chosen;
  }

  // A key that the set names now goes before an old one. Among equal ones the newest counts.
  const known = () =>
    choose(
      (session) => nameOf(session) !== undefined,
      (later, earlier) => hasCurrentKey(later) || !hasCurrentKey(earlier),
    );

  return {
    provenBy: (claim) => (claim !== undefined && isProof(claim) ? claim.id : undefined),
    nameOf,
    validators: () => [...known().values()].toSorted(byName),
    claimants() {
      const present = known();
      const unproven = choose(
        ({ claim }) => claim !== undefined && !present.has(toHex(claim.id)),
        (later, earlier) => isDialed(later) && !isDialed(earlier),
      );
      return [...unproven.values()]
        .map(({ session }) => ({ name: aliasOf(session.peer), session }))
        .toSorted(byName);
    },
  };
}

/** Returns the alias under which an unproven peer can be asked. It is the id of no account. */
export function aliasOf(peer: string): AccountId {
  return toAccountId(sha256(new TextEncoder().encode(`aethel unproven peer ${peer}`)));
}

/** Whether this node dialed the peer of a session. */
export function isDialed({ connection }: Session): boolean {
  return connection.direction === "outbound";
}

function byName(left: NamedSession, right: NamedSession): number {
  return compareBytes(left.name, right.name);
}
