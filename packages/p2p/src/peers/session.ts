import type { AccountId } from "@aethel/models";
import type { Connection } from "@libp2p/interface";
import type { ValidatorClaim } from "./hello.ts";
import type { PeerBudget } from "./peer-budget.ts";

/** Connection whose peer has passed the handshake. */
export interface Session {
  readonly connection: Connection;
  /** Peer id as text. */
  readonly peer: string;
  /** Random bytes that change when the peer's process restarts. */
  readonly instance: Uint8Array;
  /**
   * Claim to be a validator, signed with the key that it names. Undefined if the peer makes none.
   * It is proof only if the validator set has that key, which is checked at each use.
   */
  readonly claim: ValidatorClaim | undefined;
  readonly budget: PeerBudget;
}

/** Session with the name (validator id or alias) under which the replica can send it requests. */
export interface NamedSession {
  readonly name: AccountId;
  readonly session: Session;
}
