import type { AccountId, Sequence } from "@aethel/models";
import type { Connection } from "@libp2p/interface";
import type { SignedClaim } from "./hello.ts";
import type { PeerBudget } from "./peer-budget.ts";
import type { PeerRole } from "./versions.ts";

/** Connection whose peer has passed the handshake. */
export interface Session {
  readonly connection: Connection;
  /** Peer id as text. */
  readonly peer: string;
  /** Random bytes that change when the peer's process restarts. */
  readonly instance: Uint8Array;
  /**
   * Claim to be a validator. Undefined if the peer makes none. It is proof only if the validator
   * set has the key, which is checked at each use, and if that key signed it.
   */
  readonly claim: SignedClaim | undefined;
  /** Role that the peer has stated. */
  readonly role: PeerRole;
  /** Last final sequence that the peer stated in its hello. */
  readonly head: Sequence;
  readonly budget: PeerBudget;
}

/** Session with the name (validator id or alias) under which the replica can send it requests. */
export interface NamedSession {
  readonly name: AccountId;
  readonly session: Session;
}
