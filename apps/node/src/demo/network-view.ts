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

/** Events for a watcher of the whole network: each thing once, from whichever node was first. */
export interface NetworkListener {
  judged(event: JudgedEvent): void;
  /** A proof that no block will ever hold. */
  rejected(event: RefusedEvent): void;
  finalized(event: FinalizedEvent): void;
  viewChanged(event: ViewChangedEvent): void;
  slashed(event: SlashBody): void;
  /** Head of a node, each time that it has finalized. */
  advanced(node: LocalNode, event: FinalizedEvent): void;
}

/** Record of all that the nodes have said so far. */
export interface NetworkView {
  /** Receipts of final proofs, by proof hash. */
  readonly receipts: ReadonlyMap<string, ReceiptBody>;
  readonly judged: ReadonlyMap<string, JudgedEvent>;
  readonly rejected: ReadonlyMap<string, RefusedEvent>;
  /** Last finalized block of each node, by its index. */
  readonly heads: ReadonlyMap<number, FinalizedEvent>;
  /** Stops listening. */
  readonly close: () => void;
}

const RETRY_MS = 200;

/** Listens to the events of all nodes and merges them. A node that ends is simply silent. */
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
        // Every other reason is about one node, or about now; this one is about the proof.
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

/** Reads one node's events until it ends; a broken stream is taken up where it broke. */
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
      // The node is not there (any more); the loop's condition decides.
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
