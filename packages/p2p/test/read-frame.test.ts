import type { Stream } from "@libp2p/interface";
import { noise } from "@libp2p/noise";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2p } from "libp2p";
import { afterEach, expect, test } from "vitest";
import { readFrame } from "../src/framing/read-frame.ts";

const PROTOCOL = "/test/1";
const nodes: Libp2p[] = [];

afterEach(async () => {
  await Promise.all(nodes.splice(0).map(async (node) => await node.stop()));
});

async function startPeer(): Promise<Libp2p> {
  const peer = await createLibp2p({
    addresses: { listen: ["/ip4/127.0.0.1/tcp/0"] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
  nodes.push(peer);
  return peer;
}

/** Opens a stream to a peer that can break it off. */
async function openStream(): Promise<{ stream: Stream; breakOff: () => void }> {
  const [us, them] = [await startPeer(), await startPeer()];
  const accepted = Promise.withResolvers<Stream>();
  await them.handle(PROTOCOL, (stream) => accepted.resolve(stream));
  const stream = await us.dialProtocol(them.getMultiaddrs(), PROTOCOL);
  const theirs = await accepted.promise;
  return { stream, breakOff: () => theirs.abort(new Error("enough")) };
}

test("a peer that breaks off a stream before its answer is awaited rejects that answer, and ends nothing", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  try {
    const { stream, breakOff } = await openStream();
    const answer = readFrame(stream, { bytesMax: 100, signal: new AbortController().signal });
    const closed = new Promise((resolve) => stream.addEventListener("close", resolve));
    breakOff();
    await closed;
    // As callers do: they write, which throws now, and do not get as far as waiting for the answer.
    expect(() => stream.send(new Uint8Array(4))).toThrow();
    await new Promise((resolve) => setImmediate(resolve));

    expect(unhandled).toEqual([]);
    await expect(answer).rejects.toMatchObject({ fault: { code: "CUT_OFF" } });
  } finally {
    process.off("unhandledRejection", note);
  }
});
