import type { AccountId, Digest, Signer, VerifySigned } from "@aethel/models";
import type { PacingParameters } from "../config.ts";
import type { JoiningOptions } from "../joining/checkpoint.ts";
import type { Application, Clock, SigningLog, Transport } from "../ports.ts";
import type { ReplicaEvent } from "./replica-event.ts";

/** Parts from which a replica is created. */
export interface ReplicaOptions {
  /** Genesis hash. All signatures are bound to the chain with this hash. */
  readonly genesis: Digest;
  /** Chain parameters that consensus reads. A whole `ChainParameters` is assignable to it. */
  readonly parameters: PacingParameters;
  readonly signer: Signer;
  /**
   * All signers of this validator, if there are several. The replica uses the one whose key is in
   * the validator set of the current sequence, before and after a rotation of the key. The list is
   * read at each use, so a signer may be added while the replica runs.
   */
  readonly signers?: readonly Signer[];
  /**
   * Id of this replica's validator. If it is not in the validator set, the replica follows without
   * voting.
   */
  readonly id: AccountId;
  readonly application: Application;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Log of the signing state. The caller owns it: `stop` does not close it. */
  readonly signingLog: SigningLog;
  /**
   * Listener for events. It is called synchronously, so it should return fast. Errors that it
   * throws are ignored.
   */
  readonly onEvent?: (event: ReplicaEvent) => void;
  /** Conditions under which the replica follows history that it did not see happen. */
  readonly joining?: JoiningOptions;
  /**
   * Function that checks one signature. The default verifies each signature once and remembers it,
   * like one of `createRememberingVerify`, which the transport can share.
   */
  readonly verify?: VerifySigned;
  /**
   * Makes the replica sign even if others have signatures of its key that its log lacks. For
   * simulations of faulty members only, which otherwise would silence themselves when they
   * contradict themselves on purpose.
   */
  readonly ignoresOwnSignatures?: boolean;
  /** Returns 32 random bytes at each call, for nonces. Default: the platform's random source. */
  readonly random?: () => Uint8Array;
}
