import {
  createSigner,
  type SyncRequest,
  SyncResponse,
  sha256,
  toHex,
  toSequence,
  verifySigned,
} from "@aethel/models";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import fc from "fast-check";
import { createLibp2p, type Libp2p } from "libp2p";
import { describe, expect, test } from "vitest";
import { encodeFrame } from "../src/framing/frames.ts";
import { readFrame } from "../src/framing/read-frame.ts";
import {
  chainProtocols,
  createHello,
  createValidatorRecord,
  HANDSHAKE_PROTOCOL,
  Hello,
  HelloAnswer,
  ValidatorRecord,
} from "../src/index.ts";
import { createDirectory } from "../src/peers/directory.ts";
import type { Session } from "../src/peers/sessions.ts";
import { createStanding } from "../src/peers/standing.ts";
import { createRecordStore } from "../src/records/record-store.ts";
import {
  createRelayedRequest,
  isRequestSigned,
  type RelayedRequest,
  RelayFrame,
  relayedAnswer,
  signableAnswer,
} from "../src/relay/relayed-request.ts";
import { createRoutes } from "../src/relay/routes.ts";
import { genesis, identity, setOf, until, useNodes } from "./localnet.ts";

const [asker, asked, other] = [identity("asker"), identity("asked"), identity("other")];
const set = setOf([asker, asked, other]);
const protocols = chainProtocols(genesis);
const head: SyncRequest = { type: "head", known: toSequence(0) };
const { run, defer } = useNodes();
const limits = { recordsIntervalMs: 200, requestTimeoutMs: 2_000 };

function relayed(request: SyncRequest = head): RelayedRequest {
  const nonce = new Uint8Array(16);
  const { id, signer } = asker;
  return createRelayedRequest({ genesis, from: id, signer, to: asked.id, nonce, request });
}

const answerOf = (sequence: number) =>
  SyncResponse.encode({
    type: "head",
    sequence: toSequence(sequence),
    digest: genesis,
    oldest: toSequence(1),
  });

/** A sentry that answers every relayed request itself, with an answer that it signs. */
async function liar(): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  defer(() => libp2p.stop());
  const signal = AbortSignal.timeout(20_000);
  await libp2p.handle(HANDSHAKE_PROTOCOL, async (stream, connection) => {
    const sender = libp2p.peerId.toMultihash().bytes;
    const receiver = connection.remotePeer.toMultihash().bytes;
    await readFrame(stream, { bytesMax: Hello.maxBytes, signal });
    const instance = new Uint8Array(16);
    const parties = { sender, receiver };
    const hello = createHello({ genesis, instance, validator: undefined, parties, role: "sentry" });
    stream.send(encodeFrame(HelloAnswer.encode({ verdict: 0, hello: Hello.encode(hello) })));
  });
  const own = createSigner(sha256(new TextEncoder().encode("liar")));
  await libp2p.handle(protocols.relay, async (stream) => {
    const bytes = await readFrame(stream, { bytesMax: RelayFrame.maxBytes, signal });
    const { asked: request } = RelayFrame.decode(bytes);
    const answer = answerOf(1_000_000);
    const signature = own.sign(signableAnswer(genesis, request, answer));
    stream.send(encodeFrame(relayedAnswer(1_000).encode({ answer, signature })));
  });
  return libp2p;
}

describe("a lying sentry", () => {
  test("its own answers are passed over, and the validator is asked over the other sentry", async () => {
    const lying = await liar();
    const target = await run(asked, set, { limits });
    target.answer = async () => SyncResponse.decode(answerOf(7));
    const honest = await run(identity("honest"), set, {
      role: "sentry",
      bootstrap: target.transport.addresses(),
      limits,
      privatePeers: [await peerIdOf(asker.networkKey)],
    });
    const sentries = [
      ...lying.getMultiaddrs().map((address) => address.toString()),
      ...honest.transport.addresses(),
    ];
    const hidden = await run(asker, set, { sentries, limits });
    await until(() => hidden.transport.connections().length === 2);
    await until(() => hidden.transport.peers().some((name) => toHex(name) === toHex(asked.id)));
    for (let times = 0; times < 4; times += 1) {
      const answer = await hidden.transport.request(asked.id, head, AbortSignal.timeout(5_000));
      expect(answer).toMatchObject({ type: "head", sequence: 7 });
    }
  });

  test("a request that is repeated by another peer is not answered again", async () => {
    const target = await run(asked, set, { limits });
    target.answer = async () => SyncResponse.decode(answerOf(7));
    const libp2p = await liar();
    const sender = libp2p.peerId.toMultihash().bytes;
    const [address] = target.transport.addresses();
    const connection = await libp2p.dial(multiaddr(address ?? ""));
    const greeting = await connection.newStream(HANDSHAKE_PROTOCOL);
    const parties = { sender, receiver: connection.remotePeer.toMultihash().bytes };
    const instance = new Uint8Array(16);
    const hello = createHello({ genesis, instance, validator: undefined, parties });
    greeting.send(encodeFrame(Hello.encode(hello)));
    await until(() => target.transport.connections().length === 1);
    const frame = RelayFrame.encode({ hops: 1, asked: relayed() });
    const attempt = async () => {
      const stream = await connection.newStream(protocols.relay);
      const answer = readFrame(stream, { bytesMax: 2_000, signal: AbortSignal.timeout(5_000) });
      stream.send(encodeFrame(frame));
      return await answer;
    };

    const { answer, signature } = relayedAnswer(1_000).decode(await attempt());
    expect(
      verifySigned(asked.signer.publicKey, signableAnswer(genesis, relayed(), answer), signature),
    ).toBe(true);
    await expect(attempt()).rejects.toThrow();
  });
});

describe("what is signed", () => {
  const sets = fc.record({ at: fc.nat({ max: 10_000 }), bit: fc.nat({ max: 7 }) });

  test("a relayed request with any bit flipped is malformed, another member's, or not signed", () => {
    const bytes = RelayFrame.encode({ hops: 0, asked: relayed() });
    fc.assert(
      fc.property(sets, ({ at, bit }) => {
        const index = 1 + (at % (bytes.length - 1));
        const flipped = bytes.with(index, (bytes[index] ?? 0) ^ (1 << bit));
        const decoded = attempt(() => RelayFrame.decode(flipped));
        if (decoded !== undefined) expect(isRequestSigned(genesis, decoded.asked)).toBe(false);
      }),
    );
  });

  test("an answer is good for its own request alone", () => {
    const answer = answerOf(7);
    const signature = asked.signer.sign(signableAnswer(genesis, relayed(), answer));
    const key = asked.signer.publicKey;
    const again = { ...relayed(), nonce: new Uint8Array(16).fill(1) };
    expect(verifySigned(key, signableAnswer(genesis, relayed(), answer), signature)).toBe(true);
    expect(verifySigned(key, signableAnswer(genesis, again, answer), signature)).toBe(false);
    expect(verifySigned(key, signableAnswer(genesis, relayed(), answerOf(8)), signature)).toBe(
      false,
    );
  });
});

describe("records", () => {
  const store = () => createRecordStore({ genesis, directory: createDirectory(() => set) });
  const peer = "12D3KooWSahP5pFRCEfaziPEba7urXtARgpEhVF9ykSeuTkWo4ek";
  const record = (sequence: number, who = asked, signer = who.signer) =>
    createValidatorRecord({
      genesis,
      validator: who.id,
      signer,
      sequence,
      entries: [{ peer, addresses: ["/ip4/127.0.0.1/tcp/1"] }],
    });

  test("a record counts by the key that the set names, the newest of each validator", () => {
    const held = store();
    expect(held.offer(record(2))).toBe("new");
    expect(held.offer(record(1))).toBe("known");
    expect(held.offer(record(3))).toBe("new");
    expect(held.offer(record(9, identity("nobody")))).toBe("stranger");
    expect(held.offer(record(9, asked, other.signer))).toBe("stranger");
    expect(held.offer({ ...record(9), sequence: 10 })).toBe("forged");
    expect(held.all()).toEqual([record(3)]);
    expect(held.vouchesFor(peer)).toBe(true);
    expect(held.vouchesFor("12D3")).toBe(false);
  });

  test("B22: whatever the bytes, a record is refused or encodes to the same bytes", () => {
    const bytes = ValidatorRecord.encode(record(1));
    const held = store();
    fc.assert(
      fc.property(sets(bytes.length), ({ at, value }) => {
        const changed = bytes.with(at, value);
        const decoded = attempt(() => ValidatorRecord.decode(changed));
        if (decoded === undefined) return;
        expect(ValidatorRecord.encode(decoded)).toEqual(changed);
        const isSame = toHex(changed) === toHex(bytes);
        if (!isSame) expect(["forged", "stranger"]).toContain(held.offer(decoded));
      }),
      { numRuns: 400 },
    );
  });

  function sets(length: number) {
    return fc.record({ at: fc.nat({ max: length - 1 }), value: fc.nat({ max: 255 }) });
  }

  test("a store holds no more records than the set has members", () => {
    const members = Array.from({ length: 8 }, (_, at) => identity(`m${at}`));
    let current = setOf(members);
    const held = createRecordStore({ genesis, directory: createDirectory(() => current) });
    for (const each of members) held.offer(record(1, each));
    expect(held.all()).toHaveLength(8);
    current = setOf(members.slice(0, 3));
    expect(held.all()).toHaveLength(3);
  });
});

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

async function peerIdOf(seed: Uint8Array): Promise<string> {
  return (await generateKeyPairFromSeed("Ed25519", seed)).publicKey.toString();
}

describe("a sentry passes on", () => {
  const session = (peer: string) => ({ peer }) as unknown as Session;
  const [own, guarded, foreign, away] = ["own", "guarded", "foreign", "away"].map(session) as [
    Session,
    Session,
    Session,
    Session,
  ];

  function routesOf(direct: Session | undefined) {
    return createRoutes({
      sessions: { all: () => [own, guarded, foreign, away], ofValidator: () => direct },
      standing: createStanding({
        sentries: [],
        privatePeers: ["guarded"],
        vouchesFor: () => false,
      }),
      records: {
        ...createRecordStore({ genesis, directory: createDirectory(() => set) }),
        of: () => ({ entries: [{ peer: "away", addresses: [] }] }) as never,
      },
      self: undefined,
    });
  }

  test("from its private validators to all, and from others to its private validators alone", () => {
    expect(routesOf(foreign).onward(asked.id, guarded)).toEqual([foreign]);
    expect(routesOf(guarded).onward(asked.id, foreign)).toEqual([guarded]);
    expect(routesOf(own).onward(asked.id, foreign)).toEqual([]);
    expect(routesOf(undefined).onward(asked.id, guarded)).toEqual([away]);
    expect(routesOf(undefined).onward(asked.id, foreign)).toEqual([]);
  });
});
