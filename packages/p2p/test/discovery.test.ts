import { afterEach, describe, expect, test } from "vitest";
import { createMemoryBookStore, type DiscoveryOptions } from "../src/index.ts";
import { identity, type NodeOptions, setOf, startNode, type TestNode, until } from "./localnet.ts";

/** Strangers get half of the twelve outbound places. The seed's place is another. */
const CONNECTIONS = 6;

const running = new Set<TestNode>();
const set = setOf([identity("validator")]);

afterEach(async () => {
  await Promise.all([...running].map(({ transport }) => transport.stop()));
  running.clear();
});

/** Starts an observer with discovery. */
async function start(
  name: string,
  { discovery = {}, ...options }: NodeOptions & { readonly discovery?: DiscoveryOptions } = {},
): Promise<TestNode> {
  const node = await startNode(identity(name), set, { role: "observer", discovery, ...options });
  running.add(node);
  return node;
}

async function stop(nodes: readonly TestNode[]): Promise<void> {
  await Promise.all(nodes.map(({ transport }) => transport.stop()));
  for (const node of nodes) running.delete(node);
}

/**
 * Starts a network in which each node was told the address of the first one, and no other. They
 * are light: each dials two peers.
 */
async function network(count: number): Promise<readonly [TestNode, ...TestNode[]]> {
  const discovery = { limits: { outboundMax: 2 } };
  const seed = await start("0", { discovery });
  const bootstrap = seed.transport.addresses();
  const others: TestNode[] = [];
  for (let at = 1; at < count; at++) {
    const node = await start(`${at}`, { bootstrap, discovery });
    await until(() => dialed(node).length > 0, 30_000);
    others.push(node);
  }
  return [seed, ...others];
}

/** Returns the peers that a node is connected to because it dialed them. */
function dialed({ transport }: TestNode): readonly string[] {
  const peers = transport
    .connections()
    .filter(({ direction }) => direction === "outbound")
    .map(({ peer }) => peer);
  return [...new Set(peers)];
}

describe("a network of 30 nodes that each were told one address", () => {
  test("gives a newcomer that knows one address its connections", async () => {
    const [seed] = await network(30);

    const newcomer = await start("newcomer", { bootstrap: seed.transport.addresses() });
    await until(() => dialed(newcomer).length >= CONNECTIONS, 30_000);

    expect(newcomer.events.filter(({ type }) => type === "dropped")).toEqual([]);
  }, 120_000);
});

describe("a node that restarts with its address book and no bootstrap address", () => {
  test("finds the network again, although the node that it knew first is gone", async () => {
    const [seed] = await network(12);
    const store = createMemoryBookStore();
    const bootstrap = seed.transport.addresses();
    const first = await start("newcomer", { bootstrap, discovery: { store } });
    await until(() => dialed(first).length >= CONNECTIONS, 30_000);
    await stop([first, seed]);
    const again = await start("newcomer", { discovery: { store } });
    await until(() => dialed(again).length >= CONNECTIONS - 1, 30_000);

    expect(dialed(again)).not.toContain(seed.transport.peer);
  }, 120_000);
});

describe("a node that listens on TCP and QUIC", () => {
  test("is reached by QUIC, with the same handshake", async () => {
    const listen = ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"];
    const one = await start("1", { listen });
    const bootstrap = one.transport.addresses().filter((each) => each.includes("/quic-v1"));
    const two = await start("2", { listen, bootstrap });
    await until(() => dialed(two).length > 0, 30_000);

    expect(bootstrap).toHaveLength(1);
    expect(two.transport.connections()[0]?.address).toContain("/quic-v1");
  }, 60_000);
});
