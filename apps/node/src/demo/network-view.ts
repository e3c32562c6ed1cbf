import {
  type FinalizedEvent,
  FinalizedEvent as FinalizedEventSchema,
  JudgedEvent,
  type ReceiptBody,
  RefusedEvent,
  SlashBody,
  ViewChangedEvent,
} from "../api/api.ts";
import type { ServerEvent } from "../client/server-events.ts";
import type { LocalNode, Localnet } from "../localnet/localnet.ts";

/**
 * Listener to the events of a whole network. If several nodes send the same event, each function
 * but `advanced` is called once.
 */
export interface NetworkListener {
  judged(event: JudgedEvent): void;
  /** Called for a proof that no block can include. */
  rejected(event: RefusedEvent): void;
  finalized(event: FinalizedEvent): void;
  viewChanged(event: ViewChangedEvent): void;
  slashed(event: SlashBody): void;
  /** Called for each finalized block of each node. */
  advanced(node: LocalNode, event: FinalizedEvent): void;
}

/** Record of the events of a whole network so far. */
export interface NetworkView {
  /** Receipts of final proofs, by proof hash. */
  readonly receipts: ReadonlyMap<string, ReceiptBody>;
  readonly judged: ReadonlyMap<string, JudgedEvent>;
  readonly rejected: ReadonlyMap<string, RefusedEvent>;
  /** Last finalized block of each node, by its index. */
  readonly heads: ReadonlyMap<number, FinalizedEvent>;
  /** Stops following the events of the nodes. */
  readonly close: () => void;
}

const RETRY_MS = 200;

/** Merges the events of all nodes. A node that has ended sends none. */
export function watchNetwork(network: Localnet, listener: NetworkListener): NetworkView {
  const stopping = new AbortController();
  const receipts = new Map<string, ReceiptBody>();
  const judged = new Map<string, JudgedEvent>();
  const rejected = new Map<string, RefusedEvent>();
  const heads = new Map<number, FinalizedEvent>();
  const changes = new Set<string>();
  const slashes = new Set<string>();
  let highest = 0;

  const hear = (node: LocalNode, event: ServerEvent): void => {
    switch (event.type) {
      case "judged": {
        const verdict = JudgedEvent.parse(event.data);
        if (judged.has(verdict.hash)) return;
        judged.set(verdict.hash, verdict);
        return listener.judged(verdict);
      }
      case "refused": {
        const refusal = RefusedEvent.parse(event.data);
        // Any other code may hold for one node or for a time only.
        if (refusal.code !== "rejected" || rejected.has(refusal.hash)) return;
        rejected.set(refusal.hash, refusal);
        return listener.rejected(refusal);
      }
      case "finalized": {
        const block = FinalizedEventSchema.parse(event.data);
        heads.set(node.index, block);
        if (block.sequence > highest) {
          highest = block.sequence;
          for (const receipt of block.proofs) receipts.set(receipt.hash, receipt);
          listener.finalized(block);
        }
        return listener.advanced(node, block);
      }
      case "view-changed": {
        const change = ViewChangedEvent.parse(event.data);
        const key = `${change.sequence} ${change.view}`;
        if (changes.has(key)) return;
        changes.add(key);
        return listener.viewChanged(change);
      }
      case "slashed": {
        const slash = SlashBody.parse(event.data);
        const key = `${slash.sequence} ${slash.validator}`;
        if (slashes.has(key)) return;
        slashes.add(key);
        return listener.slashed(slash);
      }
      default:
    }
  };
  for (const node of network.nodes) void follow(node, hear, stopping.signal);
  return { receipts, judged, rejected, heads, close: () => stopping.abort() };
}

/**
 * Reads the events of a node until the node ends. If the stream breaks, continues after the last
 * event that was read.
 */
async function follow(
  node: LocalNode,
  hear: (node: LocalNode, event: ServerEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  let after = 0;
  while (!signal.aborted && node.exit === undefined) {
    try {
      for await (const event of node.client.events({ after, signal })) {
        after = event.id;
        hear(node, event);
      }
    } catch {
      // The node does not answer; the condition of the loop decides.
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
