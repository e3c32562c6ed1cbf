import { hashProof, type Proof, toHex } from "@aethel/models";
import type { ManagedNode } from "../node/test-node.ts";
import type { VirtualNetwork } from "../virtual-network/virtual-network.ts";

/** Brings proofs to the mempools of all nodes, and again to those that lost theirs. */
export interface Gossip {
  readonly submit: (proof: Proof, from: number) => void;
  /** Called when a node started with an empty mempool. */
  readonly onStart: (node: number) => void;
  /** Called when a block is final: its proofs need not travel any more. */
  readonly onApplied: (proofs: readonly Proof[]) => void;
}

/**
 * Most proofs that are known and not final; older ones are no longer brought to nodes that start.
 */
const OPEN_MAX = 1_024;

/** Creates gossip over the virtual links, with their delays and losses. */
export function createGossip(options: {
  readonly network: VirtualNetwork;
  readonly nodes: readonly ManagedNode[];
}): Gossip {
  const { network, nodes } = options;
  const open = new Map<string, { readonly proof: Proof; readonly from: number }>();
  const bring = (
    proof: Proof,
    { from, to }: { readonly from: number; readonly to: number },
  ): void => {
    const name = toHex(hashProof(proof));
    const wanted = (): boolean => open.has(name);
    network.bring({
      from,
      to,
      wanted,
      arrive: () => !wanted() || nodes[to]?.submit(proof) === true,
    });
  };
  return {
    submit(proof, from) {
      open.set(toHex(hashProof(proof)), { proof, from });
      const [oldest] = open.keys();
      if (open.size > OPEN_MAX && oldest !== undefined) open.delete(oldest);
      for (const { index } of nodes) {
        const done = index === from && nodes[from]?.submit(proof) === true;
        if (!done) bring(proof, { from, to: index });
      }
    },
    onStart(node) {
      for (const { proof } of open.values()) bring(proof, { from: node, to: node });
    },
    onApplied(proofs) {
      for (const proof of proofs) open.delete(toHex(hashProof(proof)));
    },
  };
}
