import { checkCheckpoint } from "../joining/checkpoint.ts";
import { followBounds } from "../light/follow-bounds.ts";
import { steadyClock } from "../peers/steady-clock.ts";
import { createAsking } from "./asking.ts";
import {
  DEFAULT_SYNC_LIMITS,
  type SnapshotSyncOptions,
  type SnapshotSyncResult,
} from "./sync-options.ts";
import { runSync } from "./sync-run.ts";

/** Sync of a node that is far behind: the state of a later block, from the snapshots of peers. */
export interface SnapshotSync {
  /**
   * Runs until the state is imported, until it is clear that blocks are faster, or until it cannot
   * go on. If nobody can serve, it asks again and again until `signal` aborts. Called once.
   * @throws PbftError `CHECKPOINT` if the checkpoint is too old or dated in the future.
   * @throws any error of the sink. A later sync continues the import.
   */
  run(signal?: AbortSignal): Promise<SnapshotSyncResult>;
}

/**
 * Creates a sync by snapshot. It trusts no peer: the header of a snapshot is made certain by hashes
 * down from the checkpoint or by certificates up from a trusted head, and each chunk is checked
 * against the root in that header. Peers that lie, stall or vanish are passed over, and each failed
 * attempt is an event with its peer and cause.
 */
export function createSnapshotSync(options: SnapshotSyncOptions): SnapshotSync {
  const { onEvent, transport, parameters, checkpoint } = options;
  const limits = { ...DEFAULT_SYNC_LIMITS, ...options.limits };
  return {
    async run(signal) {
      const clock = steadyClock(options.clock);
      const now = clock.now();
      if (checkpoint !== undefined) {
        const { trustedForMs } = followBounds({ now, parameters });
        checkCheckpoint({ checkpoint, trustedForMs }, { now, head: checkpoint.sequence });
      }
      const stopping = new AbortController();
      const both = AbortSignal.any([stopping.signal, ...(signal === undefined ? [] : [signal])]);
      const emit = onEvent ?? (() => {});
      const broken = Promise.withResolvers<never>();
      const asking = createAsking({
        transport,
        clock,
        limits,
        emit,
        signal: both,
        onBroken: broken.reject,
      });
      const world = { options, limits, asking, clock, emit, signal: both };
      try {
        return await Promise.race([runSync(world), broken.promise]);
      } finally {
        stopping.abort();
        await asking.stop();
      }
    },
  };
}
