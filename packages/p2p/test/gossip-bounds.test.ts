import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sha256 } from "@aethel/models";
import { RPC } from "@libp2p/gossipsub/message";
import type { Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import { afterEach, describe, expect, test } from "vitest";
import { clampPruneBackoff } from "../src/gossip/prune-backoff.ts";
import { chainProtocols, DEFAULT_LIMITS, P2pError } from "../src/index.ts";
import { createNode, networkKeyFrom } from "../src/transport/node.ts";
import { genesis, until } from "./localnet.ts";

const stops: (() => unknown)[] = [];
const protocols = chainProtocols(genesis);

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** Starts our libp2p node as the transport does, and a stream of a peer that speaks RPC by hand. */
async function victimAndAttacker() {
  const victim = await createNode({
    privateKey: await networkKeyFrom(sha256(new Uint8Array(1))),
    listen: ["/ip4/127.0.0.1/tcp/0"],
    limits: DEFAULT_LIMITS,
    protocols,
    gater: {},
  });
  await victim.start();
  const { pubsub } = victim.services;
  pubsub.subscribe(protocols.consensusTopic);
  const attacker = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  stops.push(
    () => victim.stop(),
    () => attacker.stop(),
  );
  const stream = await attacker.dialProtocol(victim.getMultiaddrs(), "/meshsub/1.1.0");
  const inside = (field: string): Map<string, unknown> => {
    const map: unknown = Reflect.get(pubsub, field);
    if (map instanceof Map) return map;
    throw new Error(`gossipsub has no ${field} any more`);
  };
  return { stream, pubsub, inside, peer: attacker.peerId.toString() };
}

async function send(stream: Stream, fields: Partial<RPC>): Promise<void> {
  const bytes = RPC.encode({ subscriptions: [], messages: [], ...fields });
  const prefix: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    prefix.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  stream.send(Uint8Array.from(prefix));
  if (!stream.send(bytes)) await stream.onDrain();
}

function heapAfterCollection(): number {
  setFlagsFromString("--expose_gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

describe("gossipsub bounds", () => {
  test("B21: a flood of topics nobody knows leaves no trace in memory", async () => {
    const { stream, inside, pubsub, peer } = await victimAndAttacker();
    const name = (at: number) => `/flood/${at}/${"x".repeat(2_000)}`;
    const before = heapAfterCollection();
    for (let at = 0; at < 16_000; at += 16) {
      const topics = Array.from({ length: 16 }, (_, offset) => name(at + offset));
      await send(stream, {
        subscriptions: topics.map((topic) => ({ topic, subscribe: true })),
        messages: topics.map((topic) => ({ topic, data: new Uint8Array(64) })),
      });
    }
    await send(stream, { subscriptions: [{ topic: protocols.consensusTopic, subscribe: true }] });
    await until(() =>
      pubsub.getSubscribers(protocols.consensusTopic).some((other) => other.toString() === peer),
    );

    // 32 MB of names went by, twice.
    expect(heapAfterCollection() - before).toBeLessThan(16_000_000);
    expect([...inside("topics").keys()]).toEqual([protocols.consensusTopic]);
  });

  test("B22: a prune backoff of 2^53 seconds counts as the longest that we allow", async () => {
    const { stream, inside, peer } = await victimAndAttacker();
    const prune = [
      { topicID: protocols.consensusTopic, backoff: Number.MAX_SAFE_INTEGER, peers: [] },
    ];
    await send(stream, { control: { ihave: [], iwant: [], graft: [], prune, idontwant: [] } });
    await until(() => inside("backoff").size > 0);

    const expiries = inside("backoff").get(protocols.consensusTopic);
    const expiry: unknown = expiries instanceof Map ? expiries.get(peer) : undefined;
    expect(expiry).toBeGreaterThan(Date.now());
    expect(expiry).toBeLessThanOrEqual(Date.now() + DEFAULT_LIMITS.pruneBackoffMaxMs);
  });

  test("B22: a gossipsub without the function that is clamped is refused", async () => {
    const { pubsub } = await victimAndAttacker();
    const other = new Proxy(pubsub, {
      get: (target, key) => (key === "doAddBackoff" ? undefined : Reflect.get(target, key)),
    });

    expect(() => clampPruneBackoff(other, 1)).toThrow(P2pError);
  });

  test("B23: a gossip message that claims more than its bound ends that peer's gossip", async () => {
    const { stream, pubsub, peer } = await victimAndAttacker();
    await until(() => pubsub.getPeers().some((other) => other.toString() === peer));
    // A varint: 256 MiB.
    stream.send(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x01, 1, 2, 3));
    await until(() => !pubsub.getPeers().some((other) => other.toString() === peer));

    expect(pubsub.getPeers()).toEqual([]);
  });
});
