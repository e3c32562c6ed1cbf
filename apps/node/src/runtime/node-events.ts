import type { LedgerEvent } from "@aethel/ledger";
import { type AccountId, ledgerHeader, toHex } from "@aethel/models";
import type { PeerEvent } from "@aethel/p2p";
import { describePeerEvent } from "@aethel/p2p";
import type { ReplicaEvent } from "@aethel/pbft";
import type { Logger } from "pino";
import type { FinalizedEvent, SlashBody } from "../api/api.ts";
import { RAISED } from "../api/evidence-body.ts";
import { receiptBody } from "../api/to-json.ts";
import type { EventHub } from "../http/event-hub.ts";
import { formatTokens } from "../terminal/format.ts";
import { reportLedgerEvent } from "./ledger-events.ts";
import { reportReplicaEvent } from "./replica-events.ts";

/**
 * Converter from events of ledger, replica and transport to events of the node and lines of its
 * log.
 */
export interface EventBridge {
  readonly onLedger: (event: LedgerEvent) => void;
  readonly onReplica: (event: ReplicaEvent) => void;
  readonly onPeer: (event: PeerEvent) => void;
  readonly onSlashed: (slash: SlashBody) => void;
}

type LedgerFinalized = Extract<LedgerEvent, { type: "finalized" }>;

/**
 * Most finalized blocks reported by the ledger that wait until the replica reports their view and
 * time.
 */
const WAITING_MAX = 64;
/** Types of a peer event that an operator should read. */
const WARNINGS: ReadonlySet<PeerEvent["type"]> = new Set(["refused", "refused-by", "dropped"]);

/**
 * Creates the converter of events. `self`: the account of this node. `onFatal`: called when
 * consensus has stopped.
 */
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
      if (event.type !== "finalized") return reportLedgerEvent(event, { hub, log });
      waiting.set(event.sequence, event);
      // A bound in case the replica never reports a block.
      if (waiting.size > WAITING_MAX) waiting.delete(Math.min(...waiting.keys()));
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
        case "diverged":
        case "failed":
          log.fatal({ err: event.error }, "consensus has stopped");
          hub.publish({ type: "diverged", data: { message: String(event.error) } });
          return onFatal(event.error);
        default:
          return reportReplicaEvent(event, { hub, log });
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
      const level = WARNINGS.has(event.type) ? "warn" : "info";
      log[level](text);
      hub.publish({ type: "peer", data: { kind: event.type, text } });
    },
  };
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
    proofs: receipts.map((receipt) => receiptBody(receipt)),
  };
}
