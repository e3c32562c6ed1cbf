import type { Sequence } from "@aethel/models";
import type { Occurrence } from "../input.ts";
import type { FallibleCall } from "../interface/replica-event.ts";
import type { Application, Clock } from "../ports.ts";

/** Parts of the driver that the calls of the application use. */
export interface CallOptions {
  readonly application: Application;
  readonly clock: Clock;
  readonly answer: (occurrence: Occurrence) => void;
  /**
   * Called when a call other than `commit` fails. The failure counts as nothing to propose, an
   * abstention, no claim or no work.
   */
  readonly onFailure: (call: FallibleCall, error: unknown) => void;
  /** Called once for each block that could not be stored. The commit is repeated until it works. */
  readonly onCommitFailure: (sequence: Sequence, error: unknown) => void;
}
