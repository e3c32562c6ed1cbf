import { type Signable, toSequence } from "@aethel/models";
import { type GossipSubComponents, gossipsub, StrictNoSign } from "@libp2p/gossipsub";
import { identify } from "@libp2p/identify";
import type { Connection } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p } from "libp2p";
import { describe, expect, test } from "vitest";
import { encodeFrame } from "../src/framing/frames.ts";
import { chainProtocols, createHello, HANDSHAKE_PROTOCOL, Hello } from "../src/index.ts";
import {
  countSeconds,
  genesis,
  type Identity,
  identity,
  item,
  type NodeOptions,
  setOf,
  type TestNode,
  until,
  useNodes,
} from "./localnet.ts";
import { vote } from "./signed.ts";

const { run, defer } = useNodes();
const own = identity("own");
const member = identity("member");
const absent = identity("absent");
const set = setOf([own, member, absent]);
const protocols = chainProtocols(genesis);
const question = { type: "head", known: toSequence(0) } as const;

const addressOf = ({ transport }: TestNode): string => transport.addresses()[0] ?? "";
const refusals = ({ events }: TestNode): readonly string[] =>
  events.flatMap((event) => (event.type === "refused" ? [event.reason] : []));
const direct = ({ messages }: TestNode) => messages.filter(({ from }) => from !== undefined);
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

/** A peer with keys of its own that says it is `who`. */
async function claimant(
  name: string,
  { who = member, ...options }: NodeOptions & { readonly who?: Identity },
): Promise<TestNode> {
  const { signer, networkKey } = identity(name);
  const validator = { id: who.id, signer };
  return await run({ ...who, networkKey }, set, { validator, ...options });
}

/** A libp2p peer that speaks gossipsub, and has no handshake. */
async function stranger() {
  const libp2p = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    services: {
      identify: identify(),
      pubsub: gossipsub({ globalSignaturePolicy: StrictNoSign, floodPublish: true }),
      items: (components: GossipSubComponents) => {
        const gossip = gossipsub({ globalSignaturePolicy: StrictNoSign, floodPublish: true })(
          components,
        );
        gossip.protocols = [protocols.itemGossip];
        return gossip;
      },
    },
  });
  defer(() => libp2p.stop());
  return libp2p;
}

describe("before the handshake", () => {
  test("T1: nothing of a peer is read, and what it gossiped does not count as seen", async () => {
    const node = await run(own, set, { limits: { handshakeTimeoutMs: 60_000 } });
    const received: Uint8Array[] = [];
    node.transport.onItem((bytes) => {
      received.push(new Uint8Array(bytes));
      return "accept";
    });
    const peer = await stranger();
    peer.services.items.subscribe(protocols.itemTopic);
    const connection = await peer.dial(multiaddr(addressOf(node)));
    // It is told our topics, and floods them.
    const { items } = peer.services;
    await until(() => items.getSubscribers(protocols.itemTopic).length > 0);
    await items.publish(protocols.itemTopic, item(1));
    await items.publish(protocols.itemTopic, item(2));
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Its subscription counts for nothing either.
    expect(node.transport.publishItem(item(3))).toBe(false);

    const honest = await run(identity("observer"), set, {
      role: "observer",
      bootstrap: [addressOf(node)],
    });
    await until(() => honest.transport.publishItem(item(1)));
    await until(() => received.length > 0);
    expect(connection.status).toBe("open");
    expect(received).toEqual([item(1)]);
    expect(node.transport.connections()).toHaveLength(1);
  });

  test("T12: garbage on the topic of messages counts against the peer that brings it", async () => {
    const node = await run(own, set, { limits: { faultsMax: 2 } });
    const peer = await stranger();
    const connection = await peer.dial(multiaddr(addressOf(node)));
    const parties = {
      sender: peer.peerId.toMultihash().bytes,
      receiver: connection.remotePeer.toMultihash().bytes,
    };
    const instance = new Uint8Array(16);
    const hello = createHello({ genesis, instance, validator: undefined, parties });
    const stream = await connection.newStream(HANDSHAKE_PROTOCOL);
    stream.send(encodeFrame(Hello.encode(hello)));
    const { pubsub } = peer.services;
    pubsub.subscribe(protocols.consensusTopic);
    await until(() => pubsub.getSubscribers(protocols.consensusTopic).length > 0);
    for (const serial of [1, 2]) await pubsub.publish(protocols.consensusTopic, item(serial));
    await until(() => refusals(node).length > 0);

    expect([node.messages, refusals(node)]).toEqual([[], ["misbehaving"]]);
  });

  test("T2: a request or a message waits for the handshake, and is dropped when that fails", async () => {
    const node = await run(own, set, { limits: { handshakeTimeoutMs: 500 } });
    const asked: unknown[] = [];
    node.answer = async (request) => {
      asked.push(request);
      return { type: "absent", head: toSequence(0) };
    };
    const peer = await stranger();
    const connection = await peer.dial(multiaddr(addressOf(node)));
    for (const protocol of [protocols.sync, protocols.message]) {
      const stream = await connection.newStream(protocol);
      stream.send(new Uint8Array(64));
    }
    await until(() => connection.status !== "open");

    expect([asked, node.messages, refusals(node)]).toEqual([[], [], ["not-aethel"]]);
  });

  test("T3: connections that say nothing keep no validator out: the oldest gives way", async () => {
    const limits = { greetingMax: 2, handshakeTimeoutMs: 60_000 };
    const node = await run(own, set, { limits });
    const peers = await Promise.all([stranger(), stranger(), stranger()]);
    const silent: Connection[] = [];
    for (const [at, peer] of peers.entries()) {
      const connection = await peer.dial(multiaddr(addressOf(node)));
      // A greeting that is begun and never ended is no better.
      if (at === 0) await connection.newStream(HANDSHAKE_PROTOCOL);
      silent.push(connection);
    }
    await until(() => silent[0]?.status !== "open");
    await run(member, set, { bootstrap: [addressOf(node)] });
    await until(() => node.transport.peers().length === 1);

    expect(refusals(node)[0]).toBe("full");
    expect(node.transport.peers()).toEqual([member.id]);
  });
});

describe("a peer that claims a validator and does not prove it", () => {
  test("T4: takes nothing from the validator: not its name, messages, requests or gossip", async () => {
    const node = await run(own, set);
    const real = await run(member, set, { bootstrap: [addressOf(node)] });
    await until(() => node.transport.peers().length === 1);
    const false1 = await claimant("false", { bootstrap: [addressOf(node)] });
    await until(() => node.transport.connections().length === 2);
    real.answer = async () => ({ type: "absent", head: toSequence(1) });
    false1.answer = async () => ({ type: "absent", head: toSequence(2) });

    const answer = await node.transport.request(member.id, question, signal());
    node.transport.send(member.id, vote(own, set));
    node.transport.broadcast(vote(own, set, { view: 1 }));
    await until(() => direct(real).length === 2);

    expect(answer).toEqual({ type: "absent", head: 1 });
    expect(node.transport.peers()).toEqual([member.id]);
    expect(node.reachable).toEqual([member.id]);
    expect(direct(false1)).toEqual([]);
  });

  test("T5: is nobody when it asks or sends, and an observer by its budgets", async () => {
    const limits = { observersMessageSignaturesPerSecondMax: 1 };
    const seconds = countSeconds();
    const node = await run(own, set, { limits });
    const askers: unknown[] = [];
    node.answer = async (_, from) => {
      askers.push(from);
      return { type: "absent", head: toSequence(0) };
    };
    const peer = await claimant("false", { bootstrap: [addressOf(node)] });
    await until(() => peer.transport.peers().length === 1);
    await peer.transport.request(own.id, question, signal());
    peer.transport.send(own.id, vote(member, set));
    await until(() => node.events.some(({ type }) => type === "dropped"));
    await until(() => peer.transport.publishItem(item(1)));
    for (let view = 1; view < 60; view += 1) {
      peer.transport.broadcast(vote(member, set, { view }));
    }
    await until(() =>
      node.events.some((event) => "reason" in event && event.reason === "too-fast"),
    );

    expect(askers).toEqual([undefined]);
    expect(node.messages.every(({ from }) => from === undefined)).toBe(true);
    expect(node.messages.length).toBeLessThanOrEqual(4 + seconds());
    expect(node.events).toContainEqual({
      type: "dropped",
      peer: peer.transport.peer,
      reason: "not-a-validator",
    });
  });

  test("T6: does not stand for the absent one: gossip goes on, and the real one is announced", async () => {
    const node = await run(own, set);
    const false1 = await claimant("false", { bootstrap: [addressOf(node)] });
    await until(() => node.reachable.length === 1);
    expect(node.reachable).not.toEqual([member.id]);
    await expect(node.transport.request(member.id, question, signal())).rejects.toThrow(
      /UNREACHABLE/,
    );
    node.transport.send(member.id, vote(own, set));

    await run(member, set, { bootstrap: [addressOf(node)] });
    await until(() => node.reachable.length === 2);
    expect(node.reachable[1]).toEqual(member.id);
    expect(node.transport.peers()).toEqual([member.id]);
    expect(direct(false1)).toEqual([]);
  });

  test("T7: many of them are one that can be asked, and none displaces the first", async () => {
    const node = await run(own, set);
    await claimant("false 0", { bootstrap: [addressOf(node)] });
    await until(() => node.transport.peers().length === 1);
    const before = node.transport.peers();
    for (const name of ["false 1", "false 2"]) {
      await claimant(name, { bootstrap: [addressOf(node)] });
    }
    await until(() => node.transport.connections().length === 3);

    expect(node.transport.peers()).toEqual(before);
  });

  test("T8: a peer that the node dialed is asked before those that came by themselves", async () => {
    const dialed = await claimant("dialed", {});
    const pause = { dialBackoffMinMs: 1_000 };
    const behind = await run(own, set, { limits: pause, bootstrap: [addressOf(dialed)] });
    await claimant("false", { bootstrap: [addressOf(behind)] });
    await until(() => behind.transport.connections().length === 2);
    dialed.answer = async () => ({ type: "absent", head: toSequence(7) });
    const [name] = behind.transport.peers();
    if (name === undefined) throw new Error("nobody can be asked");

    expect(behind.transport.peers()).toHaveLength(1);
    expect(await behind.transport.request(name, question, signal())).toEqual({
      type: "absent",
      head: 7,
    });
  });

  test("T14: that signed with another key is a guest, and stays one when the set names the claimed key", async () => {
    const next = identity("next key of the member");
    const current = { set };
    const node = await run(own, set, { validators: () => current.set });
    const { signer: other } = identity("false");
    const signer = { publicKey: next.signer.publicKey, sign: (one: Signable) => other.sign(one) };
    const bootstrap = [addressOf(node)];
    const thief = { ...member, networkKey: identity("false").networkKey };
    await run(thief, set, { validator: { id: member.id, signer }, bootstrap });
    await until(() => node.transport.connections().length === 1);
    expect(refusals(node)).toEqual([]);

    current.set = setOf([own, { ...next, id: member.id }, absent]);
    const validators = () => current.set;
    const real = { ...member, signer: next.signer };
    expect(node.transport.connections()[0]?.validator).toBeUndefined();
    await run(real, current.set, { validators, bootstrap });
    await until(() => node.transport.connections().length === 2);
    expect(node.transport.peers()).toEqual([member.id]);
    const names = node.transport.connections().map(({ validator }) => validator);
    expect(names).toEqual([undefined, member.id]);
  });

  test("T9: the places of guests are no places of validators, nor of what the node dials", async () => {
    const before = await claimant("dialed", { who: absent });
    const address = addressOf(before);
    await before.transport.stop();
    const node = await run(own, set, {
      limits: { observersMax: 1, dialBackoffMaxMs: 300 },
      bootstrap: [address],
    });
    await claimant("false 0", { bootstrap: [addressOf(node)] });
    await until(() => node.transport.connections().length === 1);
    await claimant("false 1", { bootstrap: [addressOf(node)] });
    await until(() => refusals(node).includes("full"));
    const dialed = await claimant("dialed", {
      who: absent,
      listen: [address.replace(/\/p2p\/.*/, "")],
    });
    await run(member, set, { bootstrap: [addressOf(node)] });
    await until(() => node.transport.connections().length === 3);

    const peers = node.transport.connections().map(({ peer }) => peer);
    expect(peers).toContain(dialed.transport.peer);
    expect(node.transport.peers()).toContainEqual(member.id);
    expect(new Set(refusals(node))).toEqual(new Set(["full"]));
  });

  test("T13: a peer that the node dialed takes no place of a guest", async () => {
    const dialed = await claimant("dialed", { who: absent });
    const node = await run(own, set, {
      limits: { observersMax: 1 },
      bootstrap: [addressOf(dialed)],
    });
    await until(() => node.transport.connections().length === 1);
    await claimant("false", { bootstrap: [addressOf(node)] });
    await until(() => node.transport.connections().length === 2);

    expect(refusals(node)).toEqual([]);
  });
});

describe("a peer that has proven a validator", () => {
  test("T10: speaks for nobody on its open stream once it has left the set", async () => {
    const current = { set };
    const node = await run(own, set, { validators: () => current.set });
    const peer = await run(member, set, { bootstrap: [addressOf(node)] });
    await until(() => peer.transport.peers().length === 1);
    peer.transport.send(own.id, vote(member, set));
    await until(() => node.messages.length === 1);
    current.set = setOf([own, absent]);
    peer.transport.send(own.id, vote(member, set, { view: 1 }));
    await until(() => node.events.some(({ type }) => type === "dropped"));

    expect(node.messages).toHaveLength(1);
    expect(node.events).toContainEqual({
      type: "dropped",
      peer: peer.transport.peer,
      reason: "not-a-validator",
    });
  });

  test("T11: has one budget for all the peers that it is, and a bounded number of them", async () => {
    const limits = { connectionsPerPeerMax: 2, messagesPerSecondMax: 4 };
    const seconds = countSeconds();
    const node = await run(own, set, { limits });
    const peers: TestNode[] = [];
    for (const name of ["one", "two", "three"]) {
      const { networkKey } = identity(name);
      const peer = await run({ ...member, networkKey }, set, { bootstrap: [addressOf(node)] });
      await until(() => peer.transport.peers().length === 1);
      peers.push(peer);
    }
    await until(() => node.transport.connections().length === 2);
    const names = node.transport.connections().map(({ peer }) => peer);
    expect(names).toEqual(peers.slice(1).map(({ transport }) => transport.peer));
    for (const [at, peer] of peers.entries()) {
      peer.answer = async () => ({ type: "absent", head: toSequence(at) });
    }
    // The newest is the validator's: its older ones may be dead.
    const answer = await node.transport.request(member.id, question, signal());
    expect(answer).toEqual({ type: "absent", head: 2 });

    for (let view = 0; view < 100; view += 1) {
      peers[1 + (view % 2)]?.transport.send(own.id, vote(member, set, { view }));
    }
    await until(() => node.events.filter(({ type }) => type === "dropped").length === 2);
    expect(node.messages.length).toBeLessThanOrEqual(9 + 4 * seconds());
  });
});
