import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import { createLibp2p, type Libp2p } from "libp2p";
import { expect, test } from "vitest";
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
import { RecordsAnswer, RecordsQuestion } from "../src/records/record-exchange.ts";
import { genesis, identity, setOf, type TestNode, until, useNodes } from "./localnet.ts";

const members = ["one", "two", "three", "four"].map((name) => identity(name));
const set = setOf(members);
const protocols = chainProtocols(genesis);
const limits = { recordsIntervalMs: 200, observersMax: 8 };
const { run, defer } = useNodes();
const signal = AbortSignal.timeout(60_000);

async function bare(listen: readonly string[] = []): Promise<Libp2p> {
  const libp2p = await createLibp2p({
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  defer(() => libp2p.stop());
  return libp2p;
}

/** A peer with a good hello, and records in the names of all members that none of them signed. */
async function hostile(name: string): Promise<Libp2p> {
  const libp2p = await bare(["/ip4/127.0.0.1/tcp/0"]);
  const peer = libp2p.peerId.toString();
  await libp2p.handle(HANDSHAKE_PROTOCOL, async (stream, connection) => {
    await readFrame(stream, { bytesMax: Hello.maxBytes, signal });
    const parties = {
      sender: libp2p.peerId.toMultihash().bytes,
      receiver: connection.remotePeer.toMultihash().bytes,
    };
    const instance = new Uint8Array(16);
    const hello = Hello.encode(createHello({ genesis, instance, validator: undefined, parties }));
    stream.send(encodeFrame(HelloAnswer.encode({ verdict: 0, hello })));
  });
  await libp2p.handle(protocols.records, async (stream) => {
    await readFrame(stream, { bytesMax: RecordsQuestion.maxBytes, signal });
    const { signer } = identity(name);
    const records = members.map(({ id, signer: { publicKey } }) =>
      ValidatorRecord.encode({
        ...createValidatorRecord({
          genesis,
          validator: id,
          signer,
          sequence: 2 ** 50,
          entries: [{ peer, addresses: ["/ip4/127.0.0.1/tcp/1"] }],
        }),
        key: publicKey,
      }),
    );
    stream.send(encodeFrame(RecordsAnswer.encode({ records })));
  });
  return libp2p;
}

/** Asks a node for all records that it holds. */
async function recordsAt(node: TestNode): Promise<readonly ValidatorRecord[]> {
  const libp2p = await bare();
  const connection = await libp2p.dial(multiaddr(node.transport.addresses()[0] ?? ""));
  const parties = {
    sender: libp2p.peerId.toMultihash().bytes,
    receiver: connection.remotePeer.toMultihash().bytes,
  };
  const greeting = await connection.newStream(HANDSHAKE_PROTOCOL);
  const instance = new Uint8Array(16);
  const hello = createHello({ genesis, instance, validator: undefined, parties });
  greeting.send(encodeFrame(Hello.encode(hello)));
  await readFrame(greeting, { bytesMax: HelloAnswer.maxBytes, signal });
  const stream = await connection.newStream(protocols.records);
  const answer = readFrame(stream, { bytesMax: RecordsAnswer.maxBytes, signal });
  stream.send(encodeFrame(RecordsQuestion.encode({ known: [] })));
  const { records } = RecordsAnswer.decode(await answer);
  await connection.close();
  return records.map((bytes) => ValidatorRecord.decode(bytes));
}

test("a newcomer among twelve real hostile peers and one honest one learns the true records alone", async () => {
  const [shown, hidden] = members as [(typeof members)[0], (typeof members)[0]];
  const open = await run(shown, set, { limits });
  const sentry = await run(identity("sentry"), set, {
    role: "sentry",
    bootstrap: open.transport.addresses(),
    limits,
  });
  const behind = await run(hidden, set, { sentries: sentry.transport.addresses(), limits });
  const around = await Promise.all(Array.from({ length: 12 }, (_, at) => hostile(`hostile ${at}`)));
  const bootstrap = [
    ...around.flatMap((each) => each.getMultiaddrs().map((address) => address.toString())),
    ...sentry.transport.addresses(),
  ];
  const newcomer = await run(identity("newcomer"), set, { role: "observer", bootstrap, limits });
  await until(() => newcomer.transport.connections().length >= 1);
  let held: readonly ValidatorRecord[] = [];
  for (let times = 0; held.length < 2 && times < 100; times += 1) {
    held = await recordsAt(newcomer);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  const peersIn = (record: ValidatorRecord | undefined) => record?.entries.map(({ peer }) => peer);
  const recordOf = ({ id }: (typeof members)[0]) =>
    held.find(({ validator }) => Buffer.from(validator).equals(id));
  expect(peersIn(recordOf(shown))).toEqual([open.transport.peer]);
  // A private validator is named nowhere: neither its peer id nor its addresses.
  expect(peersIn(recordOf(hidden))).toEqual([sentry.transport.peer]);
  const told = JSON.stringify(held.map(({ entries }) => entries));
  expect(told).not.toContain(behind.transport.peer);
  for (const address of behind.transport.addresses()) {
    expect(told).not.toContain(address.replace(/\/p2p\/.*/, ""));
  }
  expect(
    newcomer.events.some((event) => event.type === "dropped" && event.reason === "forged"),
  ).toBe(true);
}, 60_000);
