/** Child process with one node of each kind: it answers votes and blocks, and counts proofs. */

import type { FromChild, ToChild } from "./net.ts";
import { type BenchNode, NODE_KINDS, type NodeKind } from "./nodes/bench-node.ts";
import { createNode, reaching } from "./nodes/create-node.ts";

const tell = (message: FromChild): void => void process.send?.(message);
const nodes = new Map<NodeKind, BenchNode>();
const proofs = new Map<NodeKind, number>();

process.on("message", (message: ToChild) => {
  void (message.type === "start" ? start(message) : meshed(message.count));
});
process.on("disconnect", () => process.exit(0));
tell({ type: "loaded" });

async function start(message: ToChild & { readonly type: "start" }): Promise<void> {
  const { index, count, addresses, batch } = message;
  for (const kind of NODE_KINDS) {
    const node = await createNode(kind, {
      index,
      count,
      dial: addresses[kind],
      onNote: (note, reply) => {
        if (note.kind === "vote" || note.kind === "block") reply({ kind: "ack", id: note.id });
        if (note.kind !== "proof") return;
        const seen = (proofs.get(kind) ?? 0) + 1;
        proofs.set(kind, seen);
        if (seen % batch === 0) reply({ kind: "ack", id: seen / batch });
      },
    });
    nodes.set(kind, node);
  }
  const own = Object.fromEntries([...nodes].map(([kind, node]) => [kind, node.addresses()]));
  tell({ type: "listening", addresses: own as Record<NodeKind, readonly string[]> });
}

async function meshed(count: number): Promise<void> {
  for (const node of nodes.values()) await reaching(node, count - 1);
  tell({ type: "meshed" });
}
