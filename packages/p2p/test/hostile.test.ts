import { createConnection } from "node:net";
import { equalBytes, type Signable, toDigest, toSequence } from "@aethel/models";
import { generateKeyPair, generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Connection, Libp2p, PrivateKey, Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { afterEach, describe, expect, test } from "vitest";
import {
  chainProtocols,
  createHello,
  DEFAULT_LIMITS,
  describePeerEvent,
  HANDSHAKE_PROTOCOL,
  Hello,
  type PeerLimits,
} from "../src/index.ts";
import {
  commit,
  genesis,
  type Identity,
  identity,
  setOf,
  startNode,
  type TestNode,
  until,
} from "./localnet.ts";
import { proposal } from "./wire-values.ts";

const never = new AbortController().signal;
const stops: (() => unknown)[] = [];
const honest = identity("honest");
const member = identity("member");
const set = setOf([honest, member]);
const otherChain = toDigest(new Uint8Array(32).fill(8));

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function victim(limits: Partial<PeerLimits> = {}): Promise<TestNode> {
  const node = await startNode(honest, set, { limits });
  stops.push(() => node.transport.stop());
  return node;
}

async function attacker(privateKey?: PrivateKey): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    ...(privateKey === undefined ? {} : { privateKey }),
  });
  stops.push(() => libp2p.stop());
  return libp2p;
}

function addressOf(node: TestNode): string {
  return node.transport.addresses()[0] ?? "";
}

function portOf(node: TestNode): number {
  return Number(addressOf(node).split("/")[4]);
}

function refusals(node: TestNode): readonly string[] {
  return node.events.flatMap((event) => (event.type === "refused" ? [event.reason] : []));
}

function frame(bytes: Uint8Array, claimed = bytes.length): Uint8Array {
  const framed = new Uint8Array(4 + bytes.length);
  new DataView(framed.buffer).setUint32(0, claimed);
  framed.set(bytes, 4);
  return framed;
}

/** Dials, and greets with the hello that `forge` makes of the two peer ids. */
async function greet(
  libp2p: Libp2p,
  node: TestNode,
  forge: (parties: { sender: Uint8Array; receiver: Uint8Array }) => Hello,
): Promise<Connection> {
  const connection = await libp2p.dial(multiaddr(addressOf(node)));
  const parties = {
    sender: libp2p.peerId.toMultihash().bytes,
    receiver: connection.remotePeer.toMultihash().bytes,
  };
  const stream = await connection.newStream(HANDSHAKE_PROTOCOL);
  stream.send(frame(Hello.encode(forge(parties))));
  return connection;
}

const instance = new Uint8Array(16);
const asMember = (who: Identity) => ({ id: who.id, signer: who.signer });

describe("what is no peer", () => {
  test("a TCP client that sends garbage is disconnected, with one event", async () => {
    const node = await victim();
    const socket = createConnection(portOf(node), "127.0.0.1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("error", () => undefined);
    socket.write("GET / HTTP/1.1\r\nhost: aethel\r\n\r\n".repeat(100));
    await closed;
    await until(() => refusals(node).length > 0);

    expect(refusals(node)).toEqual(["not-libp2p"]);
    expect(node.events.map(describePeerEvent).at(-1)).toMatch(
      /^peer \/ip4\/127\.0\.0\.1\/tcp\/\d+ does not speak libp2p: disconnected$/,
    );
  });

  test("a TCP client that says nothing is disconnected within the time for a handshake", async () => {
    const node = await victim({ handshakeTimeoutMs: 300 });
    const patient = await victim({ handshakeTimeoutMs: 60_000 });
    const waiting = createConnection(portOf(patient), "127.0.0.1");
    const socket = createConnection(portOf(node), "127.0.0.1");
    for (const each of [waiting, socket]) each.on("error", () => undefined);
    await new Promise((resolve) => socket.once("close", resolve));

    expect(waiting.closed).toBe(false);
    waiting.destroy();
    await until(() => refusals(node).length > 0);
    expect(refusals(node)).toEqual(["not-libp2p"]);
  });

  test("a libp2p peer that dials and never greets is disconnected, with one event", async () => {
    const node = await victim({ handshakeTimeoutMs: 2_000 });
    const libp2p = await attacker();
    const connection = await libp2p.dial(multiaddr(addressOf(node)));
    await until(() => connection.status !== "open");

    expect(refusals(node)).toEqual(["not-aethel"]);
  });

  test("a libp2p peer that we dial and that has no handshake is left alone", async () => {
    const stranger = await createLibp2p({
      addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
      transports: [tcp()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
    });
    stops.push(() => stranger.stop());
    const bootstrap = stranger.getMultiaddrs().map((address) => address.toString());
    const node = await startNode(honest, set, { bootstrap });
    stops.push(() => node.transport.stop());
    await until(() => refusals(node).length > 0);

    expect(refusals(node)).toEqual(["not-aethel"]);
    expect(node.transport.connections()).toEqual([]);
  });
});

describe("handshake", () => {
  test("a peer on another chain is disconnected, and both sides say why", async () => {
    const node = await victim();
    const other = await startNode(member, set, {
      genesis: otherChain,
      bootstrap: node.transport.addresses(),
    });
    stops.push(() => other.transport.stop());
    await until(() => refusals(node).length > 0 && refusals(other).length > 0);

    expect(refusals(node)).toEqual(["other-chain"]);
    expect(refusals(other)).toEqual(["other-chain"]);
    expect(node.events.map(describePeerEvent)).toContain(
      `peer ${other.transport.peer} is on another chain: disconnected`,
    );
    await until(() => node.transport.connections().length === 0);
    expect(node.transport.peers()).toEqual([]);
  });

  test("a peer that claims a validator with a signature by its own key is disconnected", async () => {
    const node = await victim();
    const thief = identity("thief");
    const connection = await greet(await attacker(), node, (parties) => {
      const signer = {
        publicKey: member.signer.publicKey,
        sign: (object: Signable) => thief.signer.sign(object),
      };
      return createHello({ genesis, instance, validator: { id: member.id, signer }, parties });
    });
    await until(() => connection.status !== "open");

    expect(refusals(node)).toEqual(["bad-signature"]);
    expect(node.transport.peers()).toEqual([]);
  });

  test("a peer that claims a validator with a key of its own is nobody, and gives way to the real one", async () => {
    const node = await victim();
    const { signer } = identity("thief");
    await greet(await attacker(), node, (parties) =>
      createHello({ genesis, instance, validator: { id: member.id, signer }, parties }),
    );
    await until(() => node.transport.connections().length === 1);

    expect(node.transport.connections()[0]?.validator).toBeUndefined();

    const real = await startNode(member, set, { bootstrap: [addressOf(node)] });
    stops.push(() => real.transport.stop());
    await until(() => node.transport.connections().length === 2);
    node.transport.send(member.id, commit(4));
    await until(() => real.messages.length === 1);
    expect(real.messages[0]?.from).toEqual(honest.id);
  });

  test("a validator's hello passed on by another peer is refused", async () => {
    const node = await victim();
    const connection = await greet(await attacker(), node, ({ receiver }) => {
      // The signature that the member would have made for this victim, under the member's own peer
      // id.
      const parties = { sender: new Uint8Array(38).fill(1), receiver };
      return createHello({ genesis, instance, validator: asMember(member), parties });
    });
    await until(() => connection.status !== "open");

    expect(refusals(node)).toEqual(["bad-signature"]);
  });

  test("a victim's own hello sent back to it is refused", async () => {
    const node = await victim();
    const connection = await greet(await attacker(), node, ({ sender, receiver }) =>
      createHello({
        genesis,
        instance,
        validator: asMember(honest),
        parties: { sender: receiver, receiver: sender },
      }),
    );
    await until(() => connection.status !== "open");

    expect(refusals(node)).toEqual(["bad-signature"]);
  });

  test("a refused peer is turned away for a while without a second event", async () => {
    const node = await victim();
    const libp2p = await attacker();
    const wrong = () =>
      createHello({ genesis: otherChain, instance, validator: undefined, parties });
    const parties = { sender: new Uint8Array(1), receiver: new Uint8Array(1) };
    const connection = await greet(libp2p, node, wrong);
    await until(() => connection.status !== "open");
    const again = await libp2p.dial(multiaddr(addressOf(node))).catch(() => undefined);
    await until(() => again === undefined || again.status !== "open");

    expect(refusals(node)).toEqual(["other-chain"]);
  });

  test("B23: a peer with an RSA key is refused", async () => {
    const node = await victim();
    const libp2p = await attacker(await generateKeyPair("RSA", 2_048));
    const connection = await libp2p.dial(multiaddr(addressOf(node))).catch(() => undefined);
    await until(() => connection === undefined || connection.status !== "open");

    expect(refusals(node)).toEqual(["key-type"]);
  });
});

describe("a peer with a hello and bad manners", () => {
  const observer = (parties: { sender: Uint8Array; receiver: Uint8Array }) =>
    createHello({ genesis, instance, validator: undefined, parties });
  const insider = (parties: { sender: Uint8Array; receiver: Uint8Array }) =>
    createHello({ genesis, instance, validator: asMember(member), parties });

  async function insiderOf(
    node: TestNode,
    onMessages: (stream: Stream) => void = () => undefined,
  ): Promise<Connection> {
    const seed = member.networkKey;
    const libp2p = await attacker(await generateKeyPairFromSeed("Ed25519", seed));
    await libp2p.handle(chainProtocols(genesis).message, onMessages);
    const connection = await greet(libp2p, node, insider);
    await until(() => node.transport.peers().length === 1);
    return connection;
  }

  test("an observer's consensus messages are dropped", async () => {
    const node = await victim();
    const connection = await greet(await attacker(), node, observer);
    await until(() => node.transport.connections().length === 1);
    const stream = await connection.newStream(chainProtocols(genesis).message);
    await until(() => stream.status !== "open");
    await until(() => node.events.some(({ type }) => type === "dropped"));

    expect(node.messages).toEqual([]);
    expect(node.events).toContainEqual(
      expect.objectContaining({ type: "dropped", reason: "not-a-validator" }),
    );
  });

  test("B23: a frame that claims more than its bound ends the stream, and nothing is kept", async () => {
    const node = await victim();
    const connection = await insiderOf(node);
    const stream = await connection.newStream(chainProtocols(genesis).message);
    stream.send(frame(new Uint8Array(64), 0xffff_ffff));
    await until(() => stream.status !== "open");

    expect(node.messages).toEqual([]);
    expect(node.events).toContainEqual(
      expect.objectContaining({ type: "dropped", reason: "oversize" }),
    );
  });

  test("a validator that keeps sending malformed messages is disconnected", async () => {
    const node = await victim();
    const connection = await insiderOf(node);
    const stream = await connection.newStream(chainProtocols(genesis).message);
    for (let sent = 0; sent < 8; sent += 1) stream.send(frame(new Uint8Array(100).fill(255)));
    await until(() => connection.status !== "open");

    expect(node.messages).toEqual([]);
    expect(refusals(node)).toEqual(["misbehaving"]);
    expect(node.events.filter(({ type }) => type === "dropped")).toHaveLength(1);
  });

  test("a validator whose answers the replica keeps finding wrong is disconnected", async () => {
    const node = await victim();
    const connection = await insiderOf(node);
    for (let count = 1; count < DEFAULT_LIMITS.faultsMax; count += 1) {
      node.transport.blame?.(member.id);
    }
    // Who is not there cannot be blamed, and costs nobody else anything.
    node.transport.blame?.(honest.id);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(connection.status).toBe("open");
    node.transport.blame?.(member.id);
    await until(() => connection.status !== "open");

    expect(refusals(node)).toEqual(["misbehaving"]);
    expect(node.events).toContainEqual(
      expect.objectContaining({ type: "dropped", reason: "wrong-answer" }),
    );
  });

  test("a validator that sends faster than its budget loses what is over", async () => {
    const node = await victim({ messagesPerSecondMax: 10 });
    const other = await startNode(member, set, { bootstrap: node.transport.addresses() });
    stops.push(() => other.transport.stop());
    await until(() => other.transport.peers().length === 1);
    for (let sent = 0; sent < 500; sent += 1) other.transport.send(honest.id, commit(sent));
    await until(() => node.events.some(({ type }) => type === "dropped"));
    await other.transport.request(honest.id, { type: "head", known: toSequence(0) }, never);

    expect(node.messages.length).toBeGreaterThanOrEqual(20);
    expect(node.messages.length).toBeLessThan(100);
  });

  test("a peer that takes nothing costs no more memory than its queue", async () => {
    const node = await victim({ outboundBytesMax: 2_097_152 });
    const connection = await insiderOf(node, (stream) => stream.pause());
    for (let sent = 0; sent < 10; sent += 1) {
      node.transport.send(member.id, proposal(1, 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }

    expect(node.events).toContainEqual(
      expect.objectContaining({ type: "dropped", reason: "slow-peer" }),
    );
    expect(connection.status).toBe("open");
  });

  test("B23: observers beyond their share are refused, and a validator still gets in", async () => {
    const node = await victim({ observersMax: 2 });
    for (let count = 0; count < 3; count += 1) await greet(await attacker(), node, observer);
    await until(() => refusals(node).length === 1);
    await insiderOf(node);

    expect(refusals(node)).toEqual(["full"]);
    expect(node.transport.connections()).toHaveLength(3);
    expect(node.transport.peers().map((id) => equalBytes(id, member.id))).toEqual([true]);
  });

  test("B23: streams beyond the bound are reset by the muxer", async () => {
    const node = await victim({ streamsMax: 4 });
    const connection = await greet(await attacker(), node, observer);
    await until(() => node.transport.connections().length === 1);
    const opened = await Promise.allSettled(
      Array.from({ length: 64 }, () =>
        connection.newStream(chainProtocols(genesis).sync, { maxOutboundStreams: 128 }),
      ),
    );

    expect(opened.filter(({ status }) => status === "rejected").length).toBeGreaterThanOrEqual(56);
  });
});
