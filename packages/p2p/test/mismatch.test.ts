import { type JudgeIdentity, toDigest, toSequence } from "@aethel/models";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { multiaddr } from "@multiformats/multiaddr";
import fc from "fast-check";
import { createLibp2p, type Libp2p } from "libp2p";
import { describe, expect, test } from "vitest";
import { checkHello } from "../src/admission/check-hello.ts";
import { encodeFrame } from "../src/framing/frames.ts";
import { queueFrames } from "../src/framing/queue-frames.ts";
import {
  createHello,
  describePeerEvent,
  HANDSHAKE_PROTOCOL,
  Hello,
  HelloAnswer,
  HelloEnvelope,
  Objection,
  PROTOCOL_VERSION,
} from "../src/index.ts";
import { codeOf, reasonOf } from "../src/peers/verdict.ts";
import { genesis, identity, setOf, type TestNode, until, useNodes } from "./localnet.ts";

const [left, right] = [identity("left"), identity("right")];
const set = setOf([left, right]);
const judge: JudgeIdentity = {
  version: 6,
  wasmHash: toDigest(new Uint8Array(32).fill(5)),
  kernelVersion: 1,
  proverVersion: 1,
};
const versions = { judge, application: 1 };
const parties = { sender: Uint8Array.of(1), receiver: Uint8Array.of(2) };
const instance = new Uint8Array(16);
const { run, defer } = useNodes();

const lines = ({ events }: TestNode) => events.map(describePeerEvent).join("\n");

function check(bytes: Uint8Array) {
  return checkHello(bytes, { genesis, versions, parties, directory: { names: () => false } });
}

const plain = () => createHello({ genesis, instance, validator: undefined, parties, versions });

/** Dials a node and returns its answer to the bytes of a hello. */
async function greet(node: TestNode, bytes: Uint8Array, objection?: number): Promise<Uint8Array> {
  const libp2p: Libp2p = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  defer(() => libp2p.stop());
  const connection = await libp2p.dial(multiaddr(node.transport.addresses()[0] ?? ""));
  const stream = await connection.newStream(HANDSHAKE_PROTOCOL);
  const signal = AbortSignal.timeout(10_000);
  const frames = queueFrames(stream, { bytesMax: HelloAnswer.maxBytes, framesMax: 1, signal });
  stream.send(encodeFrame(bytes));
  const answer = await frames.next();
  if (objection !== undefined) stream.send(encodeFrame(Objection.encode({ verdict: objection })));
  return answer;
}

describe("versions", () => {
  const others = [
    [{ judge: { ...judge, version: 7 }, application: 1 }, "runs another Judge"],
    [{ judge: undefined, application: 1 }, "it has no Judge, this node has Judge 6"],
    [{ judge, application: 2 }, "it has version 2, this node has 1"],
  ] as const;

  test.each(others)(
    "a peer with %o is refused, and both operators read why",
    async (its, words) => {
      const node = await run(left, set, { versions });
      const bootstrap = node.transport.addresses();
      const other = await run(right, set, { versions: its, bootstrap });
      await until(() => [node, other].every(({ events }) => events.some(isRefusal)));

      expect(lines(node)).toContain(words);
      expect(lines(other)).toMatch(/runs another Judge|executes blocks by other rules/);
      expect(node.transport.connections()).toEqual([]);
    },
  );

  test("a peer of a later protocol is refused by what all versions can read", async () => {
    const node = await run(left, set, { versions });
    const hello = HelloEnvelope.encode({
      genesis,
      protocol: PROTOCOL_VERSION + 1,
      body: new Uint8Array(3_000).fill(255),
    });
    const answer = HelloAnswer.decode(await greet(node, hello));

    expect(reasonOf(answer.verdict)).toBe("other-protocol");
    expect(HelloEnvelope.decode(answer.hello).protocol).toBe(PROTOCOL_VERSION);
    await until(() => node.events.some(isRefusal));
    expect(lines(node)).toContain("it speaks version 3, this node 2");
  });

  test("a node that the peer refuses reads the peer's reason, one event for each attempt", async () => {
    const limits = { observersMax: 1, dialBackoffMinMs: 20_000, dialBackoffMaxMs: 20_000 };
    const node = await run(left, set, { limits });
    const options = { role: "observer", bootstrap: node.transport.addresses(), limits } as const;
    const first = await run(identity("first"), set, options);
    await until(() => first.transport.connections().length === 1);
    const second = await run(identity("second"), set, options);
    await until(() => second.events.some(({ type }) => type === "refused-by"));

    expect(lines(second)).toContain("refused this node: it has no free connection");
    expect(second.events.filter(({ type }) => type === "refused-by")).toHaveLength(1);
    expect(second.events.some(({ type }) => type === "connected")).toBe(false);
  });

  test("a listener reads what its dialer objects to", async () => {
    const node = await run(left, set, { versions });
    await greet(node, Hello.encode(plain()), codeOf("other-judge"));
    await until(() => node.events.some(({ type }) => type === "refused-by"));

    expect(lines(node)).toContain("refused this node: this node runs another Judge");
    await until(() => node.transport.connections().length === 0);
  });
});

describe("fields", () => {
  test("B22: no bytes make the check of a hello throw, and each change is refused or harmless", () => {
    const bytes = Hello.encode(plain());
    const changed = fc
      .tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }))
      .map(([at, value]) => bytes.with(at, value));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 600 }), changed), (hello) => {
        const checked = check(hello);
        if (checked.type !== "accepted") return;
        expect(Hello.encode(checked.hello)).toEqual(hello);
      }),
      { numRuns: 500 },
    );
  });

  test("an unknown field with an odd number is ignored, one with an even number is refused", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 65_535 }), { maxLength: 16 }), (types) => {
        const ascending = types.toSorted((one, other) => one - other);
        const extensions = ascending.map((type) => ({ type, value: Uint8Array.of(1) }));
        const checked = check(Hello.encode({ ...plain(), extensions }));
        const demands = types.some((type) => type % 2 === 0);
        expect(checked.type).toBe(demands ? "refused" : "accepted");
        if (checked.type === "refused") expect(checked.reason).toBe("unknown-feature");
      }),
    );
  });

  test("fields out of order or repeated are no hello", () => {
    const extensions = [3, 1].map((type) => ({ type, value: Uint8Array.of() }));
    const twice = [3, 3].map((type) => ({ type, value: Uint8Array.of() }));
    for (const each of [extensions, twice]) {
      const checked = check(Hello.encode({ ...plain(), extensions: each }));
      expect(checked).toMatchObject({ type: "refused", reason: "not-aethel" });
    }
  });

  test("a connection shows the role and the head that its peer has stated", async () => {
    const node = await run(left, set);
    await run(identity("guard"), set, { role: "sentry", bootstrap: node.transport.addresses() });
    await until(() => node.transport.connections().length === 1);

    expect(node.transport.connections()[0]).toMatchObject({ role: "sentry", head: toSequence(0) });
  });
});

function isRefusal({ type }: TestNode["events"][number]): boolean {
  return type === "refused" || type === "refused-by";
}
