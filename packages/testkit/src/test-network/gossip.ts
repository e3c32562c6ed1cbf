import { type Item, toHex } from "@aethel/models";
import type { ManagedNode } from "../node/test-node.ts";
import type { VirtualNetwork } from "../virtual-network/virtual-network.ts";

/** Brings items to the mempools of all nodes, and again to nodes that restart. */
export interface Gossip {
  readonly submit: (item: Item, from: number) => void;
  /** Called when a node has started with an empty mempool. */
  readonly onStart: (node: number) => void;
  /** Called when a block is final: its items need not be brought any more. */
  readonly onApplied: (items: readonly Item[]) => void;
}

/**
 * Greatest number of items that are kept for gossip. Beyond this the oldest is dropped, and nodes
 * that start do not get it any more.
 */
const OPEN_MAX = 1_024;

/** Creates gossip over the virtual network, with its delays and losses. */
export function createGossip(options: {
  readonly network: VirtualNetwork;
  readonly nodes: readonly ManagedNode[];
}): Gossip {
  const { network, nodes } = options;
  const open = new Map<string, { readonly item: Item; readonly from: number }>();
  const bring = (
    item: Item,
    { from, to }: { readonly from: number; readonly to: number },
  ): void => {
    const name = toHex(item.hash);
    const wanted = (): boolean => open.has(name);
    network.bring({
      from,
      to,
      wanted,
      arrive: () => !wanted() || nodes[to]?.submit(item) === true,
    });
  };
  return {
    submit(item, from) {
      open.set(toHex(item.hash), { item, from });
      const [oldest] = open.keys();
      if (open.size > OPEN_MAX && oldest !== undefined) open.delete(oldest);
      for (const { index } of nodes) {
        const done = index === from && nodes[from]?.submit(item) === true;
        if (!done) bring(item, { from, to: index });
      }
    },
    onStart(node) {
      for (const { item } of open.values()) bring(item, { from: node, to: node });
    },
    onApplied(items) {
      for (const item of items) open.delete(toHex(item.hash));
    },
  };
}
