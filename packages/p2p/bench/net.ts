import { type ChildProcess, fork } from "node:child_process";
import { type BenchNode, NODE_KINDS, type NodeKind, type Note } from "./nodes/bench-node.ts";
import { createNode, reaching } from "./nodes/create-node.ts";

/** Addresses of the nodes of each kind. */
export type Addresses = Readonly<Record<NodeKind, readonly string[]>>;

export type ToChild =
  | {
      readonly type: "start";
      readonly index: number;
      readonly count: number;
      readonly addresses: Addresses;
      /** Number of proofs that one acknowledgement covers. */
      readonly batch: number;
    }
  | { readonly type: "mesh"; readonly count: number };

export type FromChild =
  | { readonly type: "loaded" }
  | { readonly type: "listening"; readonly addresses: Addresses }
  | { readonly type: "meshed" };

/**
 * One network for each kind of node, each of `count` processes; this process is the first of each.
 */
export interface Net extends AsyncDisposable {
  /** Sends notes, and resolves after this many acknowledgements of the last one. */
  exchange(
    kind: NodeKind,
    what: { readonly notes: readonly Note[]; readonly ackId: number; readonly acks: number },
  ): Promise<void>;
}

/** Starts processes until each node reaches all others. */
export async function createNet(count: number, batch: number): Promise<Net> {
  const waiting = new Map<NodeKind, (note: Note) => void>();
  const nodes = new Map<NodeKind, BenchNode>();
  for (const kind of NODE_KINDS) {
    const onNote = (note: Note): void => waiting.get(kind)?.(note);
    nodes.set(kind, await createNode(kind, { index: 0, count, dial: [], onNote }));
  }
  const place = new URL("./peer-child.ts", import.meta.url);
  const children = Array.from({ length: count - 1 }, () => fork(place));
  await Promise.all(children.map((child) => answer(child, "loaded")));
  const known: Record<NodeKind, string[]> = { aethel: [], gossipsub: [], tcp: [] };
  for (const [kind, node] of nodes) known[kind].push(...node.addresses());
  for (const [at, child] of children.entries()) {
    const listening = answer(child, "listening");
    say(child, { type: "start", index: at + 1, count, addresses: known, batch });
    const { addresses } = await listening;
    for (const kind of NODE_KINDS) known[kind].push(...addresses[kind]);
  }
  const meshes = children.map((child) => answer(child, "meshed"));
  for (const child of children) say(child, { type: "mesh", count });
  await Promise.all(meshes);
  for (const node of nodes.values()) await reaching(node, count - 1);

  return {
    async exchange(kind, { notes, ackId, acks }) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let left = acks;
      waiting.set(kind, (note) => {
        if (note.kind === "ack" && note.id === ackId && --left === 0) resolve();
      });
      const lost = setTimeout(() => reject(new Error(`${kind}: no answer`)), 20_000);
      for (const note of notes) nodes.get(kind)?.broadcast(note);
      await promise.finally(() => clearTimeout(lost));
    },
    async [Symbol.asyncDispose]() {
      const ended = children.map((child) => new Promise((resolve) => child.once("exit", resolve)));
      for (const child of children) child.disconnect();
      for (const node of nodes.values()) await node.stop();
      await Promise.all(ended);
    },
  };
}

function say(child: ChildProcess, message: ToChild): void {
  child.send(message);
}

function answer<Type extends FromChild["type"]>(
  child: ChildProcess,
  type: Type,
): Promise<FromChild & { readonly type: Type }> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a child ended with ${code}`));
    child.once("exit", onExit);
    const onMessage = (message: FromChild): void => {
      if (message.type !== type) return;
      child.off("message", onMessage);
      child.off("exit", onExit);
      resolve(message as FromChild & { readonly type: Type });
    };
    child.on("message", onMessage);
  });
}
