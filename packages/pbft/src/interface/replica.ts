import type { ReplicaStatus } from "./replica-status.ts";

/**
 * Running participant in consensus: the engine, with the driver that passes inputs to it and
 * performs its effects.
 */
export interface Replica extends AsyncDisposable {
  /**
   * Loads the signing log, and only then begins to accept messages from the network (B6). May be
   * called once.
   * @throws PbftError `SIGNING_RECORD`, `SIGNING_STATE_OLD`, `CONFIG`, `STOPPED` if it is called a
   * second time or after `stop`, or whatever the signing log throws.
   */
  start(): Promise<void>;
  /**
   * Resolves when no timer, call or write of this replica is pending. It waits for calls of the
   * application, even if the application ignores `signal`. So never await it inside such a call.
   */
  stop(): Promise<void>;
  /**
   * Tells the replica that the application may now have something to propose. The call is cheap, so
   * it may be made often.
   */
  notifyWork(): void;
  /**
   * Returns the status.
   * @throws PbftError `STOPPED` before `start` has resolved.
   */
  status(): ReplicaStatus;
}
