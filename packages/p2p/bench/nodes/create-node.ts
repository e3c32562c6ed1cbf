import { createAethelNode } from "./aethel-node.ts";
import type { BenchNode, BenchNodeOptions, NodeKind } from "./bench-node.ts";
import { createGossipsubNode } from "./gossipsub-node.ts";
import { createTcpNode } from "./tcp-node.ts";

/** Starts a node of a kind, which listens and has dialed when this resolves. */
export function createNode(kind: NodeKind, options: BenchNodeOptions): Promise<BenchNode> {
  switch (kind) {
    case "aethel":
      return createAethelNode(options);
    case "gossipsub":
      return createGossipsubNode(options);
    case "tcp":
      return createTcpNode(options);
  }
}

const WAIT_MS = 60_000;

/** Waits until a node reaches this many others. */
export async function reaching(node: BenchNode, count: number): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (node.reached() < count) {
    if (performance.now() > deadline) throw new Error(`reaches ${node.reached()} of ${count}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
