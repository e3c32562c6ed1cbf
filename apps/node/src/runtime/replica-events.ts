import { toHex } from "@aethel/models";
import { isStorageFailure, type ReplicaEvent } from "@aethel/pbft";
import type { Logger } from "pino";
import type { BlockRefusedEvent, ViewChangedEvent } from "../api/api.ts";
import { evidenceBody, wholeEvidence } from "../api/evidence-body.ts";
import type { EventHub } from "../http/event-hub.ts";

/**
 * Logs an event of the replica, except for finalized blocks and the end of consensus. Also
 * publishes the events that are in the API.
 */
export function reportReplicaEvent(
  event: Exclude<ReplicaEvent, { type: "finalized" | "diverged" | "failed" }>,
  { hub, log }: { readonly hub: EventHub; readonly log: Logger },
): void {
  switch (event.type) {
    case "view-changed": {
      const { sequence, view, cause } = event;
      const data: ViewChangedEvent = { sequence, view, cause };
      log.warn(data, "view changed");
      return hub.publish({ type: "view-changed", data });
    }
    case "verdict": {
      if (event.verdict !== "refused") return log.debug({ event }, "replica");
      const data: BlockRefusedEvent = { digest: toHex(event.digest), reason: event.reason };
      log.warn(data, "refused a proposed block");
      return hub.publish({ type: "block-refused", data });
    }
    case "evidence": {
      const evidence = wholeEvidence(event.evidence);
      log.error({ evidence }, `validator ${evidence.validator} ${evidence.detail}`);
      // Without the bytes: thousands of events are kept, and a false claim holds its source.
      return hub.publish({ type: "evidence", data: evidenceBody(event.evidence) });
    }
    case "signing-suspended":
    case "commit-failed":
    case "signing-resumed":
    case "own-signature":
    case "listening":
    case "quiet":
      return logSigning(event, log);
    case "joining": {
      const { state, sequence, reason } = event;
      const isFine = state === "path" || state === "path-known";
      return log[isFine ? "info" : "error"]({ state, sequence }, `joining: ${reason}`);
    }
    case "application-failed":
      return log.error({ err: event.error, call: event.call }, "the ledger failed");
    case "snapshot-needed":
      return log.error(
        { sequence: event.sequence, head: event.head, peers: event.peers },
        "this node is further behind than its peers keep blocks. Next: name a peer that keeps older ones",
      );
    case "discarded":
      return log.debug({ input: event.input, reason: event.reason }, "discarded");
    default:
      return log.debug({ event: event.type }, "replica");
  }
}

/** Events about whether this node may sign. */
type SigningEvent = Extract<
  ReplicaEvent,
  {
    type:
      | "signing-suspended"
      | "commit-failed"
      | "signing-resumed"
      | "own-signature"
      | "listening"
      | "quiet";
  }
>;

function logSigning(event: SigningEvent, log: Logger): void {
  switch (event.type) {
    case "signing-suspended":
    case "commit-failed": {
      const what = event.type === "commit-failed" ? "a final block waits" : "nothing is signed";
      const isDisk = isStorageFailure(event.error);
      const why = isDisk ? "writing to the disk fails" : "the Judge gives no verdict on it";
      const next = isDisk
        ? "free space or repair the disk; the node resumes by itself"
        : "see the error; the Judge is asked again each second";
      return log.error({ err: event.error }, `${what}: ${why}. Next: ${next}`);
    }
    case "signing-resumed":
      return log.warn("the signing log can be written again: this node signs");
    case "own-signature": {
      const { statement, sequence, view } = event;
      const fact = "a signature of this validator's key is not in signing.log";
      const next = "make sure that no other process or machine uses the key; this node listens now";
      return log.error({ statement, sequence, view }, `${fact}. Next: ${next}`);
    }
    case "listening": {
      const { sequence, state, signsFrom } = event;
      const from = signsFrom === undefined ? {} : { signsFrom };
      return log.warn({ sequence, ...from }, `listening has ${state}`);
    }
    case "quiet": {
      const { reason, sequence } = event;
      if (reason === undefined) return log.info({ sequence }, "this node signs");
      return log.info({ sequence, reason }, "this node signs nothing");
    }
  }
}
