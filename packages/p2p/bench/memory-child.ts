/** Child process: measures the bytes of heap and buffers that a node holds for each connection. */
import { type ChildProcess, fork } from "node:child_process";
import { type BenchNode, NODE_KINDS, type NodeKind } from "./nodes/bench-node.ts";
import { createNode, reaching } from "./nodes/create-node.ts";

const CONNECTIONS = 12;
const [role, name] = process.argv.slice(2);
const kind: NodeKind = NODE_KINDS.find((each) => each === name) ?? "aethel";
const ignore = (): void => undefined;
const count = CONNECTIONS + 2;

if (role === "hub") await hub();
else process.once("message", (addresses: readonly string[]) => void crowd(addresses));

async function hub(): Promise<void> {
  const node = await createNode(kind, { index: 0, count, dial: [], onNote: ignore });
  const others = fork(new URL(import.meta.url), ["crowd", kind]);
  others.send(node.addresses());
  // The first connection loads and creates what is needed only once.
  await reaching(node, 1);
  const before = await held();
  others.send("more");
  await reaching(node, CONNECTIONS + 1);
  const after = await held();
  process.send?.((after - before) / CONNECTIONS);
  others.disconnect();
  await node.stop();
  process.disconnect?.();
}

async function crowd(dial: readonly string[]): Promise<void> {
  const nodes: BenchNode[] = [];
  const join = async (index: number): Promise<void> => {
    const node = await createNode(kind, { index, count, dial, onNote: ignore });
    await reaching(node, 1);
    // The streams of a connection open with the first message.
    node.broadcast({ kind: "vote", id: index });
    nodes.push(node);
  };
  const end = (): void => process.exit(0);
  process.on("disconnect", end);
  await join(1);
  await new Promise((resolve) => (process as unknown as ChildProcess).once("message", resolve));
  for (let index = 2; index <= CONNECTIONS + 1; index++) await join(index);
}

/** Returns the bytes held after everything on its way has arrived. */
async function held(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
