import type { LedgerEvent } from "@aethel/ledger";
import { type AccountId, ledgerHeader, toHex } from "@aethel/models";
import type { PeerEvent } from "@aethel/p2p";
import { describePeerEvent } from "@aethel/p2p";
import type { ReplicaEvent } from "@aethel/pbft";
import { isStorageFailure } from "@aethel/pbft";
import type { Counterexample, TheoremCounterexample } from "@aethel/verifier";
import type { Logger } from "pino";
import type {
  AccuracyEvent,
  BlockRefusedEvent,
  FinalizedEvent,
  JudgedEvent,
  RefusedEvent,
  SlashBody,
  ViewChangedEvent,
} from "../api/api.ts";
import { evidenceBody, RAISED, wholeEvidence } from "../api/evidence-body.ts";
import { receiptBody } from "../api/to-json.ts";
import type { EventHub } from "../http/event-hub.ts";
import { counterexampleLines } from "../judge/counterexample-lines.ts";
import { formatTokens } from "../terminal/format.ts";

/** Converts events of ledger, replica and transport into events of the node and lines of its log. */
export interface EventBridge {
  readonly onLedger: (event: LedgerEvent) => void;
  readonly onReplica: (event: ReplicaEvent) => void;
  readonly onPeer: (event: PeerEvent) => void;
  readonly onSlashed: (slash: SlashBody) => void;
}

type LedgerFinalized = Extract<LedgerEvent, { type: "finalized" }>;

/** Finalized blocks of the ledger whose view and time the replica has not reported yet. */
const WAITING_MAX = 64;

/** Creates the bridge. `self` is this node's validator; `onFatal` is called when consensus has stopped. */
export function createEventBridge(options: {
  readonly hub: EventHub;
  readonly log: Logger;
  readonly self: AccountId;
  readonly onFatal: (error: unknown) => void;
}): EventBridge {
  const { hub, log, self, onFatal } = options;
  const waiting = new Map<number, LedgerFinalized>();
  return {
    onLedger(event) {
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
          return hub.publish({
            type: "mempool",
            data: { proofs: event.count, bytes: event.bytes },
          });
        case "finalized":
          waiting.set(event.sequence, event);
          // A bound in case the replica never reports a block.
          if (waiting.size > WAITING_MAX) waiting.delete(Math.min(...waiting.keys()));
      }
    },
    onReplica(event) {
      switch (event.type) {
        case "finalized": {
          const { sequence, view, milliseconds = 0 } = event;
          const block = waiting.get(sequence);
          waiting.delete(sequence);
          log.info({ sequence, view, milliseconds, proofs: event.items }, "finalized");
          if (block === undefined) return;
          const data = finalizedBody(block, { view, ms: milliseconds });
          return hub.publish({ type: "finalized", data });
        }
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
        case "diverged":
        case "failed":
          log.fatal({ err: event.error }, "consensus has stopped");
          hub.publish({ type: "diverged", data: { message: String(event.error) } });
          return onFatal(event.error);
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
          const next =
            "make sure that no other process or machine uses the key; this node listens now";
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
        case "joining": {
          const { state, sequence, reason } = event;
          const isFine = state === "path" || state === "path-known";
          return log[isFine ? "info" : "error"]({ state, sequence }, `joining: ${reason}`);
        }
        case "application-failed":
          return log.error({ err: event.error, call: event.call }, "the ledger failed");
        case "snapshot-needed":
          return log.error(
            { head: event.head },
            "this node is further behind than its peers keep blocks. Next: name a peer that keeps older ones",
          );
        case "discarded":
          return log.debug({ input: event.input, reason: event.reason }, "discarded");
        default:
          return log.debug({ event: event.type }, "replica");
      }
    },
    onSlashed(slash) {
      const { validator, amount, sequence, evidence } = slash;
      const lost = `${formatTokens(BigInt(amount))} tokens in block ${sequence}`;
      const found = evidence.map(({ id, detail }) => `it ${detail} (evidence ${id})`);
      const why = found.length === 0 ? `it ${RAISED}` : found.join("; ");
      const who = validator === toHex(self) ? "THIS VALIDATOR" : `validator ${validator}`;
      log.error({ slash }, `${who} lost ${lost}: ${why}`);
      hub.publish({ type: "slashed", data: slash });
    },
    onPeer(event) {
      const text = describePeerEvent(event);
      const level = event.type === "refused" || event.type === "dropped" ? "warn" : "info";
      log[level](text);
      hub.publish({ type: "peer", data: { kind: event.type, text } });
    },
  };
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

/** Whether a value is a counterexample: the ledger passes on what the Judge gave it, untyped. */
function isCounterexample(value: unknown): value is Counterexample | TheoremCounterexample {
  return typeof value === "object" && value !== null && ("values" in value || "sentence" in value);
}

function finalizedBody(
  block: LedgerFinalized,
  { view, ms }: { readonly view: number; readonly ms: number },
): FinalizedEvent {
  const { header, digest, receipts } = block;
  return {
    sequence: header.sequence,
    view,
    digest: toHex(digest),
    stateRoot: toHex(ledgerHeader(header).stateRootAfter),
    proposer: toHex(header.proposer),
    ms,
    proofs: receipts.map(receiptBody),
  };
}
