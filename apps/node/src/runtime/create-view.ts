import type { Ledger } from "@aethel/ledger";
import { Proof } from "@aethel/models";
import { createTokenBucket } from "@aethel/p2p";
import type { Observer } from "../health/observer.ts";
import type { EventHub } from "../http/event-hub.ts";
import type { NodeView } from "../http/node-view.ts";
import type { Refusals } from "../http/refusals.ts";
import type { DiskStore } from "../storage/ledger-store.ts";
import type { Identity } from "./identity.ts";
import type { Network, NodeOptions } from "./node-options.ts";
import type { Regossip } from "./regossip.ts";
import type { Turns } from "./turns.ts";

/**
 * Budget of all HTTP clients together for the signatures of their proofs, in verifications of a
 * signature.
 */
const CLIENTS = { ratePerSecond: 2_048, burst: 4_096 };

/** Creates the parts of a node that the API reads, and the function by which it submits proofs. */
export function createView(parts: {
  readonly options: NodeOptions;
  readonly self: Identity;
  readonly ledger: Ledger;
  readonly store: DiskStore;
  readonly regossip: Regossip;
  readonly turns: Turns;
  readonly refusals: Refusals;
  readonly observer: Observer;
  readonly hub: EventHub;
  readonly network: Readonly<Network>;
  readonly started: number;
}): NodeView {
  const { options, self, ledger, store, regossip, refusals, hub, network, started } = parts;
  const { observer } = parts;
  const clients = createTokenBucket({ ...CLIENTS, now: () => performance.now() });
  return {
    genesis: options.genesis,
    version: options.version,
    role: options.config.role,
    validator: self.validator?.id,
    ledger,
    refusals,
    events: hub,
    slashes: (range) => store.slashes(range),
    consensus: () => network.replica?.status(),
    findings: observer.findings,
    quietMs: observer.quietMs,
    keys: () => (self.validator === undefined ? [] : self.signers.map((each) => each.publicKey)),
    // Two nodes that dialed each other at the same time have two connections for a while.
    peers: () => new Set(network.transport?.connections().map(({ peer }) => peer)).size,
    uptimeMs: () => performance.now() - started,
    async submit(proof) {
      const cost = Math.max(1, ledger.submitCost(proof));
      if (!clients.take(cost)) return { type: "busy" };
      const added = await parts.turns.run(cost, () => ledger.submit(proof));
      if (added === undefined) return { type: "busy" };
      if (added.type === "accepted") {
        if (added.replaced !== undefined) regossip.remove(added.replaced);
        regossip.add(proof);
        network.transport?.publishItem(Proof.encode(proof));
      }
      return added;
    },
  };
}
