import { ITEM_BYTES_MAX, toHex } from "@aethel/models";
import { afterEach, describe, expect, test } from "vitest";
import type { ItemVerdict, PeerTransportOptions } from "../src/index.ts";
import {
  countSeconds,
  identity,
  item,
  setOf,
  startNode,
  type TestNode,
  until,
} from "./localnet.ts";
import { vote } from "./signed.ts";

const stops: (() => unknown)[] = [];
const [a, b, c] = [identity("a"), identity("b"), identity("c")] as const;
const set = setOf([a, b, c]);

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Starts a - b - c: the ends have no connection to each other. */
async function line(
  middle: Partial<PeerTransportOptions> = {},
): Promise<readonly [TestNode, TestNode, TestNode]> {
  const second = await startNode(b, set, middle);
  const bootstrap = second.transport.addresses();
  const first = await startNode(a, set, { bootstrap });
  const third = await startNode(c, set, { bootstrap });
  const nodes = [first, second, third] as const;
  stops.push(
    ...nodes.map(
      ({ transport }) =>
        () =>
          transport.stop(),
    ),
  );
  await until(() => second.transport.peers().length === 2);
  await warm(nodes);
  return nodes;
}

/** Waits until an item gets through both hops: the topics are joined after the handshake. */
async function warm([first, second, third]: readonly [TestNode, TestNode, TestNode]) {
  let arrived = false;
  second.transport.onItem(() => "accept");
  third.transport.onItem(() => {
    arrived = true;
    return "accept";
  });
  for (let nonce = 1_000_000; !arrived && nonce < 1_000_100; nonce += 1) {
    first.transport.publishItem(item(nonce));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function collect(node: TestNode): string[] {
  const names: string[] = [];
  node.transport.onItem((bytes) => {
    names.push(nameOf(bytes));
    return "accept";
  });
  return names;
}

function nameOf(bytes: Uint8Array): string {
  return `${bytes.length} bytes ${toHex(bytes.subarray(0, 4))}`;
}

describe("consensus gossip", () => {
  const isDirect = ({ from }: { from: unknown }) => from !== undefined;

  test("a broadcast reaches a validator behind another one, once, as a relayed message", async () => {
    const [first, second, third] = await line();
    const message = vote(a, set);
    first.transport.broadcast(message);
    await until(() => third.messages.length === 1 && second.messages.some(isDirect));
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect(third.messages).toEqual([{ message, from: undefined }]);
    // Where both ways lead, the direct copy is delivered in any case, with its sender.
    expect(second.messages.filter(isDirect)).toEqual([{ message, from: a.id }]);
  });

  test("the gossiped copy of what came directly is not delivered again", async () => {
    const [first, second, third] = await line();
    first.transport.broadcast(vote(a, set)); // opens the stream
    await until(() => third.messages.length === 1 && second.messages.some(isDirect));
    second.messages.splice(0);
    for (let view = 1; view < 20; view += 1) first.transport.broadcast(vote(a, set, { view }));
    await until(() => third.messages.length === 20);
    await new Promise((resolve) => setTimeout(resolve, 200));

    expect(second.messages.map(({ from }) => from)).toEqual(Array.from({ length: 19 }, () => a.id));
  });
});

describe("item gossip", () => {
  test("an item reaches everyone, with the peer that passed it on", async () => {
    const [first, second, third] = await line();
    const sources: unknown[] = [];
    second.transport.onItem((_, from) => {
      sources.push(from);
      return "accept";
    });
    const received = collect(third);
    first.transport.publishItem(item(1));
    await until(() => received.length === 1);

    expect(received).toEqual([nameOf(item(1))]);
    expect(sources).toEqual([{ peer: first.transport.peer, validator: a.id }]);
  });

  test("the largest item gets through", async () => {
    const [first, , third] = await line();
    const received = collect(third);
    const largest = item(1, ITEM_BYTES_MAX - 4);
    first.transport.publishItem(largest);
    await until(() => received.length === 1);

    expect(received).toEqual([nameOf(largest)]);
  });

  test("an item that a handler ignores or rejects goes no further", async () => {
    const [first, second, third] = await line();
    const received = collect(third);
    const verdicts = ["ignore", "reject", "accept"] as const;
    let count = 0;
    second.transport.onItem(() => verdicts[count++] ?? "accept");
    for (const nonce of [1, 2, 3]) {
      first.transport.publishItem(item(nonce));
      await until(() => count === nonce);
    }
    await until(() => received.length > 0);

    expect(received).toEqual([nameOf(item(3))]);
  });

  test("an item for later is no fault, goes no further, and is looked at when it comes again", async () => {
    const [first, second, third] = await line({ limits: { faultsMax: 1 } });
    const received = collect(third);
    const seen: string[] = [];
    let verdict: ItemVerdict = "later";
    second.transport.onItem((bytes) => {
      seen.push(nameOf(bytes));
      return verdict;
    });
    first.transport.publishItem(item(7));
    await until(() => seen.length === 1);
    expect(received).toEqual([]);
    verdict = "accept";
    // The sender's own gossipsub sends the same bytes once, so the other end brings them.
    third.transport.publishItem(item(7));
    await until(() => seen.length === 2);

    expect(seen).toEqual([nameOf(item(7)), nameOf(item(7))]);
    expect(second.transport.peers()).toHaveLength(2);
    expect(second.events.filter(({ type }) => type === "dropped")).toEqual([]);
  });

  test("a peer whose items keep being rejected is disconnected", async () => {
    const [first, second] = await line({ limits: { faultsMax: 3 } });
    second.transport.onItem(() => "reject");
    for (const nonce of [1, 2, 3]) first.transport.publishItem(item(nonce));
    await until(() => second.transport.peers().length === 1);

    expect(second.events).toContainEqual(
      expect.objectContaining({ type: "refused", reason: "misbehaving" }),
    );
  });

  test("bytes that are no item never reach the handler, and count against their sender", async () => {
    const itemCost = (bytes: Uint8Array): number | undefined =>
      bytes.length === 4 ? 0 : undefined;
    const [first, second] = await line({ limits: { faultsMax: 3 }, itemCost });
    const received = collect(second);
    first.transport.publishItem(item(7));
    await until(() => received.length === 1);
    for (const name of [1, 2, 3]) first.transport.publishItem(item(name, 1));
    await until(() => second.transport.peers().length === 1);

    expect(received).toEqual([nameOf(item(7))]);
    expect(second.events).toContainEqual(
      expect.objectContaining({ type: "refused", reason: "misbehaving" }),
    );
  });

  test("the check of items is paid before it is made: dear ones come more slowly", async () => {
    const limits = { signaturesPerSecondMax: 100 };
    const [first, second] = await line({ limits, itemCost: () => 20 });
    const received = collect(second);
    for (let name = 1; name <= 25; name += 1) first.transport.publishItem(item(name));
    await until(() => received.length >= 10);
    const since = performance.now();
    await until(() => received.length === 25);

    // Ten are paid by the burst, and the other 15 cost 3 s.
    expect(performance.now() - since).toBeGreaterThan(2_000);
    expect(second.events.filter(({ type }) => type === "dropped")).toEqual([]);
  });

  test("a peer that floods items is held to its budget, and none of them is lost", async () => {
    const seconds = countSeconds();
    const [first, second] = await line({ limits: { signaturesPerSecondMax: 100 } });
    const received = collect(second);
    for (let nonce = 1; nonce <= 500; nonce += 1) first.transport.publishItem(item(nonce));
    await until(() => received.length > 205);
    expect(received.length).toBeLessThanOrEqual(200 + 100 * seconds());
    await until(() => received.length === 500);

    expect(new Set(received).size).toBe(500);
    expect(second.events.filter(({ type }) => type === "dropped")).toEqual([]);
    expect(second.transport.metrics().total.drops.size).toBe(0);
  });

  test("more items than 256 a second reach everyone, since no count of items is a limit", async () => {
    const [first, second, third] = await line();
    const received = [collect(second), collect(third)];
    for (let nonce = 1; nonce <= 2_000; nonce += 1) {
      while (!first.transport.takesItems()) await new Promise((resolve) => setTimeout(resolve, 5));
      first.transport.publishItem(item(nonce));
    }
    await until(() => received.every((each) => each.length === 2_000), 20_000);

    for (const node of [first, second, third]) {
      expect(node.transport.metrics().total.drops.size).toBe(0);
    }
  }, 30_000);

  test("a node takes no items while its peers read none, and again when they do", async () => {
    const [first, second] = await line({
      limits: { signaturesPerSecondMax: 2_000, itemQueueBytesMax: 65_536, itemsCheckedMax: 4 },
    });
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let count = 0;
    second.transport.onItem(async (): Promise<ItemVerdict> => {
      count += 1;
      await held;
      return "accept";
    });
    const large = (serial: number): Uint8Array => new Uint8Array(20_000).fill(serial);
    let published = 0;
    while (published < 250 && first.transport.takesItems()) {
      published += 1;
      first.transport.publishItem(large(published));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    // What fits into the window of the stream, and into the queue, is on its way.
    expect(published).toBeLessThan(250);
    expect(count).toBeLessThanOrEqual(8);
    release();
    await until(() => first.transport.takesItems());
    await until(() => count === published);
  });
});
