import type { LedgerEvent } from "@aethel/ledger";
import { toHex } from "@aethel/models";
import type { Counterexample, TheoremCounterexample } from "@aethel/verifier";
import type { Logger } from "pino";
import type { AccuracyEvent, JudgedEvent, RefusedEvent } from "../api/api.ts";
import type { EventHub } from "../http/event-hub.ts";
import { counterexampleLines } from "../judge/counterexample-lines.ts";

/** Publishes an event of the ledger, except for finalized blocks. Also logs a low accuracy. */
export function reportLedgerEvent(
  event: Exclude<LedgerEvent, { type: "finalized" }>,
  { hub, log }: { readonly hub: EventHub; readonly log: Logger },
): void {
  switch (event.type) {
    case "judged":
      return hub.publish({ type: "judged", data: judgedBody(event) });
    case "dropped": {
      const { code, message } = event.refusal;
      const data: RefusedEvent = { hash: toHex(event.proofHash), code, message };
      return hub.publish({ type: "refused", data });
    }
    case "accuracy": {
      const { sequence, basisPoints, votes, blocks } = event;
      const validator = toHex(event.validator);
      const data: AccuracyEvent = { sequence, validator, basisPoints, votes, blocks };
      log.warn(data, "the accuracy of a validator is under 95 %");
      return hub.publish({ type: "accuracy", data });
    }
    case "mempool":
      return hub.publish({ type: "mempool", data: { proofs: event.count, bytes: event.bytes } });
  }
}

function judgedBody(event: Extract<LedgerEvent, { type: "judged" }>): JudgedEvent {
  const { counterexample, reason, trust, code } = event;
  return {
    hash: toHex(event.proofHash),
    kind: event.kind,
    verdict: event.verdict,
    ...(trust === undefined || trust === "none" ? {} : { trust }),
    ...(code === undefined ? {} : { code }),
    difficulty: event.difficulty,
    resource: event.resource,
    ms: event.milliseconds,
    ...(reason === undefined ? {} : { reason }),
    ...(isCounterexample(counterexample)
      ? { counterexample: [...counterexampleLines(counterexample)] }
      : {}),
  };
}

/**
 * Tells whether a value is a counterexample. Events of the ledger have the Judge's counterexample
 * as `unknown`.
 */
function isCounterexample(value: unknown): value is Counterexample | TheoremCounterexample {
  return typeof value === "object" && value !== null && ("values" in value || "sentence" in value);
}
