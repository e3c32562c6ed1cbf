import type { AccountId } from "@aethel/models";
import type { Connection } from "@libp2p/interface";
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
   * Claim to be a validator, with a signature by the key that it names; undefined if there is none.
   * It proves a validator only if the set names that key, which is asked at each use.
   */
  readonly claim: ValidatorClaim | undefined;
  readonly budget: PeerBudget;
}

/** Session under the name by which the replica asks it. */
export interface NamedSession {
  readonly name: AccountId;
  readonly session: Session;
}
