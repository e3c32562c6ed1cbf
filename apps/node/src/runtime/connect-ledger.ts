import { KEY_KIND } from "@aethel/ledger";
import type { Sequence } from "@aethel/models";
import type { Logger } from "pino";
import type { NodeView } from "../http/node-view.ts";
import { slashesOfBlock } from "../http/slashes.ts";
import type { EventBridge } from "./node-events.ts";
import type { Regossip } from "./regossip.ts";

/**
 * Forwards the events of the ledger to the repeated publication of proofs, to readers of the API,
 * and to the replica. Returns the function that stops this.
 */
export function connectLedger(parts: {
  readonly view: NodeView;
  readonly regossip: Regossip;
  readonly bridge: EventBridge;
  readonly onWork: () => void;
  readonly log: Logger;
}): () => void {
  const { view, regossip, bridge, onWork, log } = parts;
  const { ledger, refusals } = view;
  const tellSlashes = async (sequence: Sequence): Promise<void> => {
    for (const slash of await slashesOfBlock(view, sequence)) bridge.onSlashed(slash);
  };
  return ledger.subscribe((event) => {
    if (event.type === "dropped") {
      regossip.remove(event.proofHash);
      refusals.add(event.proofHash, event.refusal);
    }
    if (event.type === "finalized") {
      for (const { proofHash } of event.receipts) regossip.remove(proofHash);
      if (event.transition.changes.some(({ key }) => key[0] === KEY_KIND.offence)) {
        tellSlashes(event.sequence).catch((err: unknown) =>
          log.error({ err, sequence: event.sequence }, "the slashes of a block cannot be read"),
        );
      }
    }
    bridge.onLedger(event);
    if (event.type === "mempool") onWork();
  });
}
