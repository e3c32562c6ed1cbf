import type { AccountId, Digest, Sequence, Signer, VerifySigned, View } from "@aethel/models";
import type { PacingParameters } from "../config.ts";
import type { JoiningOptions } from "../joining/checkpoint.ts";
import type { JoiningStop } from "../joining/joining.ts";
import type { Quiet } from "../listening/quiet.ts";
import type { Application, ApplicationHead, Clock, SigningLog, Transport } from "../ports.ts";
import type { State } from "../state.ts";
import { ReplicaDriver } from "./replica-driver.ts";
import type { ReplicaEvent } from "./replica-event.ts";

/** What a replica is made of. */
export interface ReplicaOptions {
  /** Genesis hash: the chain that all signatures are bound to. */
  readonly genesis: Digest;
  /** Chain parameters; a whole `ChainParameters` fits. */
  readonly parameters: PacingParameters;
  readonly signer: Signer;
  /**
   * All signers of this validator, if there is more than one: before and after a change of its key
   * the one is used that the set of the sequence names. It is read anew at each use, so one may be
   * added while the replica runs.
   */
  readonly signers?: readonly Signer[];
  /** The validator this replica is. If it is not in the set, the replica follows without voting. */
  readonly id: AccountId;
  readonly application: Application;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Stays the caller's: `stop` does not close it. */
  readonly signingLog: SigningLog;
  /** Called synchronously, so it should return fast. What it throws is ignored. */
  readonly onEvent?: (event: ReplicaEvent) => void;
  /** What must hold for history that this replica did not see happen to be followed. */
  readonly joining?: JoiningOptions;
  /** Another way to check one signature. The default verifies each one once and remembers it. */
  readonly verify?: VerifySigned;
  /**
   * For simulations of faulty members only: signatures of the own key that the log does not hold are
   * no reason to fall silent. A member that contradicts itself on purpose would silence itself.
   */
  readonly ignoresOwnSignatures?: boolean;
  /** 32 random bytes at each call, for nonces. The default takes them from the platform. */
  readonly random?: () => Uint8Array;
}

/** Where a replica stands. */
export interface ReplicaStatus {
  readonly head: ApplicationHead;
  /** Sequence in hand: the head's plus one. */
  readonly sequence: Sequence;
  readonly view: View;
  readonly phase: State["phase"];
  /** Leader of the sequence and view in hand. */
  readonly leader: AccountId | undefined;
  /** Whether this replica is in the set that votes on the sequence in hand. */
  readonly validator: boolean;
  readonly running: boolean;
  /** Why no further history is followed; an operator must name a checkpoint. */
  readonly joining: JoiningStop | undefined;
  /** Why it signs nothing now, and what it waits for; undefined: it signs. */
  readonly quiet: Quiet | undefined;
  /** Highest sequence that a peer claims to have finalized, if it is above ours. */
  readonly behind: Sequence | undefined;
  /**
   * How far the head, or genesis, is dated ahead of the own clock, beyond what clocks may differ; 0:
   * not at all. While it is more nothing is proposed here: the clock is behind, or the head's was wrong.
   */
  readonly headAheadMs: number;
  /** The own clock is wrong: it refused a timestamp that a quorum did not. */
  readonly clockDoubted: boolean;
  /** The disk that does not take something: the call fails, and is tried again. */
  readonly trouble: StorageTrouble | undefined;
}

/** A call of a port that fails for want of a working disk. */
export interface StorageTrouble {
  readonly call: "append" | "compact" | "commit";
  readonly error: unknown;
}

/** A running consensus participant: the engine, its inputs, and the world. */
export interface Replica extends AsyncDisposable {
  /**
   * Loads the signing log, then listens to the network, in this order (B6). Once only.
   *
   * @throws PbftError `SIGNING_RECORD`, `SIGNING_STATE_OLD`, `CONFIG`, `STOPPED` the second time or after `stop`, or
   *   whatever the signing log throws.
   */
  start(): Promise<void>;
  /**
   * Resolves when no timer, call or write of this replica is under way any more, so never await it
   * within a call of the application. An application that ignores `signal` is waited for.
   */
  stop(): Promise<void>;
  /** Says that the application may have something to propose now. Cheap; call it freely. */
  notifyWork(): void;
  /** @throws PbftError `STOPPED` before `start` has resolved. */
  status(): ReplicaStatus;
}

/** A replica that has not started. @throws PbftError `CONFIG` on parameters that cannot work. */
export function createReplica(options: ReplicaOptions): Replica {
  return new ReplicaDriver(options);
}
