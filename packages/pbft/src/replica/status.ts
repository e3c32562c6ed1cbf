import { validatorAt } from "@aethel/models";
import type { Config } from "../config.ts";
import { quietOf } from "../hearing/quiet.ts";
import type { ReplicaStatus, StorageTrouble } from "../interface/replica-status.ts";
import type { JoiningStop } from "../joining/joining.ts";
import { leaderAt } from "../schedule/leader-at.ts";
import type { State } from "../state.ts";
import { headAheadMs } from "../timing/pacing.ts";

/** Returns the status of a replica, from its state and from facts that only the driver knows. */
export function statusOf(options: {
  readonly config: Config;
  readonly state: State;
  /** Time of day by the replica's clock, in milliseconds since 1970. */
  readonly now: number;
  readonly isHalted: boolean;
  readonly trouble: StorageTrouble | undefined;
  readonly joining?: JoiningStop | undefined;
}): ReplicaStatus {
  const { config, state, now, isHalted, trouble, joining } = options;
  const { head, sequence, view, phase, me, stopped, measures } = state;
  return {
    head,
    sequence,
    view,
    phase,
    leader: validatorAt(head.validators, leaderAt(state, view))?.id,
    validator: me !== undefined,
    running: !isHalted && !stopped,
    quiet: quietOf(isHalted ? { ...state, stopped: true } : state),
    behind: state.ahead?.sequence,
    trouble,
    joining,
    headAheadMs: headAheadMs({ config, state, now }),
    clockDoubted: measures.clockDoubted,
  };
}
