import { type AddressInfo, createServer } from "node:net";
import { createSigner, equalBytes } from "@aethel/models";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, P2pError } from "../src/index.ts";
import { dialBackoffMs } from "../src/transport/dialer.ts";
import { commit, identity, setOf, startNode, type TestNode, until } from "./localnet.ts";

const running = new Set<TestNode>();
const members = ["0", "1", "2", "3"].map(identity);
const set = setOf(members);

afterEach(async () => {
  await Promise.all([...running].map(({ transport }) => transport.stop()));
  running.clear();
});

async function freePorts(count: number): Promise<readonly string[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const addresses = servers.map((server) => {
    const { port } = server.address() as AddressInfo;
    return `/ip4/127.0.0.1/tcp/${port}`;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return addresses;
}

/** Starts the validator at one address, told all addresses, its own among them. */
async function start(at: number, addresses: readonly string[]): Promise<TestNode> {
  const member = members[at];
  const address = addresses[at];
  if (member === undefined || address === undefined) throw new Error(`no validator ${at}`);
  const node = await startNode(member, set, { listen: [address], bootstrap: addresses });
  running.add(node);
  return node;
}

const meshed = (nodes: readonly TestNode[], count: number) => () =>
  nodes.every(({ transport }) => transport.peers().length === count);

describe("four validators that know all four addresses", () => {
  test("started at once, they become a full mesh, and nobody dials itself", async () => {
    const addresses = await freePorts(4);
    const nodes = await Promise.all([3, 1, 0, 2].map((at) => start(at, addresses)));
    await until(meshed(nodes, 3));

    const refused = nodes.flatMap(({ events }) => events.filter(({ type }) => type === "refused"));
    expect(refused).toEqual([]);
  });

  test("started one after the other, each finds those before it, whose dials failed", async () => {
    const addresses = await freePorts(4);
    const first = await start(2, addresses);
    await until(() => first.events.some(({ type }) => type === "unreachable"));
    const others = [];
    for (const at of [0, 3, 1]) others.push(await start(at, addresses));
    await until(meshed([first, ...others], 3));

    const outages = first.events.filter(({ type }) => type === "unreachable");
    expect(outages.length).toBeLessThanOrEqual(3);
  });

  test("one that restarts is found again, announced again, and gets messages again", async () => {
    const addresses = await freePorts(4);
    const nodes = await Promise.all([0, 1, 2, 3].map((at) => start(at, addresses)));
    const [restarted, ...others] = nodes;
    if (restarted === undefined) throw new Error("no node");
    await until(meshed(nodes, 3));
    await restarted.transport.stop();
    running.delete(restarted);
    await until(meshed(others, 2));
    for (const other of others) other.transport.broadcast(commit(1));
    const again = await start(0, addresses);
    await until(meshed([again, ...others], 3));
    for (const other of others) other.transport.broadcast(commit(2));
    await until(() => again.messages.length === 3);

    for (const { reachable } of others) {
      expect(reachable.filter((id) => equalBytes(id, restarted.identity.id))).toHaveLength(2);
    }
    expect(again.messages.map(({ message }) => message)).toEqual([commit(2), commit(2), commit(2)]);
  });
});

describe("a validator that comes back while its old connection still looks open", () => {
  test("is taken for the new one: announced again, reached by the new connection", async () => {
    const [zero, one] = await freePorts(2);
    if (zero === undefined || one === undefined) throw new Error("no ports");
    const watcher = await startNode(identity("0"), set, { listen: [zero] });
    running.add(watcher);
    const before = await startNode(identity("1"), set, { bootstrap: [zero] });
    running.add(before);
    await until(meshed([watcher], 1));
    // The same keys in a second process, as after a crash of the machine.
    const after = await startNode(identity("1"), set, { bootstrap: [zero] });
    running.add(after);
    await until(() => before.events.some(({ type }) => type === "disconnected"));
    watcher.transport.send(identity("1").id, commit(1));
    await until(() => after.messages.length === 1);

    expect(watcher.reachable).toHaveLength(2);
    expect(before.messages).toEqual([]);
  });
});

describe("dialing", () => {
  test("pauses double from the least to the most, and never leave these bounds", () => {
    expect(
      [1, 2, 3, 4, 5, 6, 7].map((failures) => dialBackoffMs(failures, DEFAULT_LIMITS)),
    ).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    fc.assert(
      fc.property(fc.nat(), (failures) => {
        const pause = dialBackoffMs(failures, DEFAULT_LIMITS);
        expect(pause).toBeGreaterThanOrEqual(250);
        expect(pause).toBeLessThanOrEqual(5_000);
      }),
    );
  });

  test("a port that is taken is one clear error, and no handle stays", async () => {
    const addresses = await freePorts(4);
    await start(0, addresses);
    const taken = startNode(identity("1"), set, { listen: addresses.slice(0, 1) });

    await expect(taken).rejects.toThrow(P2pError);
    await expect(taken).rejects.toMatchObject({ fault: { code: "LISTEN" } });
  });

  test.each([
    ["bootstrap", { bootstrap: ["localhost:4001"] }],
    ["networkKey", { networkKey: new Uint8Array(31) }],
    ["limits.streamsMax", { limits: { streamsMax: 0 } }],
  ])("an option that cannot work is refused by name: %s", async (option, options) => {
    const start = startNode(identity("0"), set, options);

    await expect(start).rejects.toMatchObject({
      fault: { code: "OPTION", option: option === "bootstrap" ? "address" : option },
    });
  });

  test("a network key that is the consensus key is refused", async () => {
    const { id } = identity("0");
    const seed = new Uint8Array(32).fill(5);
    const start = startNode(identity("0"), set, {
      networkKey: seed,
      validator: { id, signer: createSigner(seed) },
    });

    await expect(start).rejects.toMatchObject({ fault: { code: "OPTION", option: "networkKey" } });
  });
});
