import type { ReplicaStatus } from "./replica-status.ts";

/** A running consensus participant: the engine, with what feeds it and performs its effects. */
export interface Replica extends AsyncDisposable {
  /**
   * Loads the signing log, then takes messages from the network, in this order (B6). Once only.
   *
   * @throws PbftError `SIGNING_RECORD`, `SIGNING_STATE_OLD`, `CONFIG`, `STOPPED` the second time or
   * after `stop`, or whatever the signing log throws.
   */
  start(): Promise<void>;
  /**
   * Resolves when no timer, call or write of this replica is under way any more, so never await it
   * within a call of the application. An application that ignores `signal` is waited for.
   */
  stop(): Promise<void>;
  /** Says that the application may have something to propose now. Cheap; call it freely. */
  notifyWork(): void;
  /**
   * Returns the status.
   * @throws PbftError `STOPPED` before `start` has resolved.
   */
  status(): ReplicaStatus;
}
