import type { AccountId, Digest, Signer, VerifySigned } from "@aethel/models";
import type { PacingParameters } from "../config.ts";
import type { JoiningOptions } from "../joining/checkpoint.ts";
import type { Application, Clock, SigningLog, Transport } from "../ports.ts";
import type { ReplicaEvent } from "./replica-event.ts";

/** Parts from which a replica is made. */
export interface ReplicaOptions {
  /** Genesis hash: the chain that all signatures are bound to. */
  readonly genesis: Digest;
  /** Chain parameters; a whole `ChainParameters` fits. */
  readonly parameters: PacingParameters;
  readonly signer: Signer;
  /**
   * All signers of this validator, if there is more than one. The one whose key the set of the
   * sequence names is used, before and after a change of the key. They are read anew at each use,
   * so one may be added while the replica runs.
   */
  readonly signers?: readonly Signer[];
  /**
   * The validator that this replica is. If it is not in the set, the replica follows without
   * voting.
   */
  readonly id: AccountId;
  readonly application: Application;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Log of the signing state. It stays the caller's: `stop` does not close it. */
  readonly signingLog: SigningLog;
  /** Called synchronously, so it should return fast. What it throws is ignored. */
  readonly onEvent?: (event: ReplicaEvent) => void;
  /** Conditions under which the replica follows history that it did not see happen. */
  readonly joining?: JoiningOptions;
  /**
   * Another way to check one signature. The default verifies each one once and remembers it, like
   * one of `createRememberingVerify`, which the transport can share.
   */
  readonly verify?: VerifySigned;
  /**
   * For simulations of faulty members only: makes the replica go on signing when others hold
   * signatures of its key that its log does not. Otherwise a member that contradicts itself on
   * purpose would silence itself.
   */
  readonly ignoresOwnSignatures?: boolean;
  /** Returns 32 random bytes at each call, for nonces. The default takes them from the platform. */
  readonly random?: () => Uint8Array;
}
