import type { Ledger } from "@aethel/ledger";
import { Proof } from "@aethel/models";
import { createTokenBucket } from "@aethel/p2p";
import type { Observer } from "../health/observer.ts";
import type { EventHub } from "../http/event-hub.ts";
import type { Busy, NodeView } from "../http/node-view.ts";
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
const CLIENTS = { ratePerSecond: 4_096, burst: 8_192 };

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
  readonly operatorToken: string;
}): NodeView {
  const { options, self, ledger, store, refusals, hub, network, started } = parts;
  const { observer } = parts;
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
    transport: () => network.transport,
    operatorToken: parts.operatorToken,
    submit: createSubmit(parts),
  };
}

/**
 * Creates the function that takes the proofs of clients. A proof that it accepts is on its way to
 * the peers: while their queues are full, it takes none.
 */
function createSubmit(parts: {
  readonly ledger: Ledger;
  readonly regossip: Regossip;
  readonly turns: Turns;
  readonly network: Readonly<Network>;
}): NodeView["submit"] {
  const { ledger, regossip, turns, network } = parts;
  const clients = createTokenBucket({ ...CLIENTS, now: () => performance.now() });
  const busy = (reason: string): Busy => ({ type: "busy", reason });
  return async (proof) => {
    if (network.transport?.takesItems() === false) {
      return busy("this node's peers take no more proofs now");
    }
    const cost = Math.max(1, ledger.submitCost(proof));
    if (!clients.take(cost)) {
      return busy("this node has verified as many signatures for its clients as it may");
    }
    const added = await turns.run(cost, () => ledger.submit(proof));
    if (added === undefined)
      return busy("too many proofs wait for their signatures to be verified");
    if (added.type === "accepted") {
      if (added.replaced !== undefined) regossip.remove(added.replaced);
      regossip.add(proof);
      network.transport?.publishItem(Proof.encode(proof));
    }
    return added;
  };
}
