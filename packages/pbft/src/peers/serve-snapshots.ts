import {
  assertNever,
  SNAPSHOT_OFFERS_MAX,
  type SyncRequest,
  type SyncResponse,
} from "@aethel/models";
import type { Application } from "../ports.ts";

/** Request of a peer that joins by a snapshot. */
type SnapshotRequest = Extract<
  SyncRequest,
  { readonly type: "updates" | "snapshots" | "snapshot-head" | "snapshot-chunk" }
>;

/**
 * Answers a request of a peer that joins by a snapshot. Undefined if the application does not have
 * what was requested.
 */
export async function answerSnapshotRequest(
  application: Pick<Application, "updates" | "snapshots">,
  request: SnapshotRequest,
): Promise<SyncResponse | undefined> {
  const { snapshots } = application;
  switch (request.type) {
    case "updates": {
      const updates = (await application.updates?.(request.after)) ?? [];
      return updates.length === 0 ? undefined : { type: "updates", updates };
    }
    case "snapshots": {
      const offers = snapshots?.offers().filter(({ sequence }) => sequence >= request.from) ?? [];
      return { type: "snapshots", offers: offers.slice(-SNAPSHOT_OFFERS_MAX) };
    }
    case "snapshot-head": {
      const head = await snapshots?.head(request.sequence);
      return head && { type: "snapshot-head", head };
    }
    case "snapshot-chunk": {
      const chunk = await snapshots?.chunk(request.sequence, request.from);
      return chunk && { type: "snapshot-chunk", chunk };
    }
    default:
      return assertNever(request);
  }
}
