import { createSigner, sha256, toAccountId, toDigest } from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFrameReader, encodeFrame } from "../src/framing/frames.ts";
import { createRecentDigests } from "../src/gossip/recent-digests.ts";
import { claimOf, createHello, findHelloDefect, Hello, P2pError } from "../src/index.ts";
import { createTokenBucket } from "../src/peers/token-bucket.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("frames", () => {
  test("however a stream is cut into chunks, the same frames come out", () => {
    const frames = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        frames,
        fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }),
        (sent, cuts) => {
          const stream = Buffer.concat(sent.map(encodeFrame));
          const reader = createFrameReader(300);
          const received: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < stream.length; turn += 1) {
            const length = cuts[turn % cuts.length] ?? 1;
            received.push(...reader.push(stream.subarray(at, at + length)));
            at += length;
          }
          expect(received.map((frame) => [...frame])).toEqual(sent.map((frame) => [...frame]));
        },
      ),
    );
  });

  test("B23: a prefix over the bound is refused before anything behind it has come", () => {
    fc.assert(
      fc.property(fc.integer({ min: 301, max: 0xffff_ffff }), (claimed) => {
        const prefix = new Uint8Array(4);
        new DataView(prefix.buffer).setUint32(0, claimed);

        expect(() => createFrameReader(300).push(prefix)).toThrow(P2pError);
      }),
    );
  });
});

describe("hello", () => {
  const cases = fc.record({ secret: bytes32, genesis: bytes32, left: bytes32, right: bytes32 });

  function greeting({ secret, genesis, left, right }: Record<string, Uint8Array>) {
    const signer = createSigner(secret ?? new Uint8Array(32));
    const chain = toDigest(genesis ?? new Uint8Array(32));
    const parties = { sender: left ?? new Uint8Array(0), receiver: right ?? new Uint8Array(0) };
    const id = toAccountId(sha256(signer.publicKey));
    const instance = new Uint8Array(16);
    const validator = { id, signer };
    const hello = createHello({ genesis: chain, instance, validator, parties });
    return { hello, expected: { genesis: chain, parties } };
  }

  test("an honest hello is accepted, whatever the set has: that is asked when it matters", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), (values, isNamed) => {
        const { hello, expected } = greeting(values);
        const bytes = Hello.encode(hello);
        expect(defectOf(bytes, expected, isNamed)).toBeUndefined();
        expect(claimOf(Hello.decode(bytes), expected)?.isSigned()).toBe(true);
      }),
    );
  });

  test("a signature of a key that the set does not name is no defect, and no proof", () => {
    fc.assert(
      fc.property(cases, fc.nat({ max: 63 }), (values, at) => {
        const { hello, expected } = greeting(values);
        const bytes = Hello.encode(hello);
        const index = bytes.length - 1 - at;
        const forged = bytes.with(index, (bytes[index] ?? 0) ^ 1);
        expect(defectOf(forged, expected, false)).toBeUndefined();
        expect(claimOf(Hello.decode(forged), expected)?.isSigned()).toBe(false);
      }),
    );
  });

  test("P30: with any bit of chain, identity, key or signature flipped it is refused", () => {
    const encoded = Hello.encode(greeting({}).hello);
    // The instance is no secret and proves nothing; the offset and the flag are the codec's.
    const signed = Hello.encode(greeting({}).hello).length - 128;
    const offsets = fc.oneof(
      fc.nat({ max: 31 }),
      fc.integer({ min: signed, max: encoded.length - 1 }),
    );
    fc.assert(
      fc.property(cases, offsets, fc.nat({ max: 7 }), (values, at, bit) => {
        const { hello, expected } = greeting(values);
        const bytes = Hello.encode(hello);
        const forged = bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit));
        expect(defectOf(forged, expected, true)).toBeDefined();
      }),
    );
  });

  test("a hello is good for its two peers and this direction alone", () => {
    fc.assert(
      fc.property(cases, bytes32, (values, other) => {
        fc.pre(!Buffer.from(values.left).equals(values.right));
        fc.pre(!Buffer.from(other).equals(values.left) && !Buffer.from(other).equals(values.right));
        const { hello, expected } = greeting(values);
        const { sender, receiver } = expected.parties;
        for (const parties of [
          { sender: receiver, receiver: sender },
          { sender: other, receiver },
          { sender, receiver: other },
        ]) {
          const defect = defectOf(Hello.encode(hello), { ...expected, parties }, true);
          expect(defect).toBe("bad-signature");
        }
      }),
    );
  });
});

/** Defect of a hello's bytes, for a node whose set names the claimed key or does not. */
function defectOf(
  bytes: Uint8Array,
  expected: Parameters<typeof claimOf>[1],
  isNamed: boolean,
): string | undefined {
  let hello: Hello;
  try {
    hello = Hello.decode(bytes);
  } catch {
    return "undecodable";
  }
  const claim = claimOf(hello, expected);
  return findHelloDefect(hello, { genesis: expected.genesis, claim, names: () => isNamed });
}

describe("budgets", () => {
  test("whatever the pace, no more than burst + rate x time is taken", () => {
    const steps = fc.array(fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: 50 })), { minLength: 1 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 100 }), (paces, ratePerSecond) => {
        let time = 0;
        let taken = 0;
        const bucket = createTokenBucket({ ratePerSecond, burst: 20, now: () => time });
        for (const [pause, cost] of paces) {
          time += pause;
          if (bucket.take(cost)) taken += cost;
          expect(taken).toBeLessThanOrEqual(20 + (ratePerSecond * time) / 1_000 + 1e-6);
        }
      }),
    );
  });

  test("a clock that jumps back earns nothing", () => {
    let time = 1_000;
    const bucket = createTokenBucket({ ratePerSecond: 1, burst: 1, now: () => time });
    expect(bucket.take(1)).toBe(true);
    time = 0;
    expect(bucket.take(1)).toBe(false);
  });
});

describe("recent digests", () => {
  test("one added within the window is not new, one added two windows ago is, repeated or not", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { maxLength: 40 }), (pauses) => {
        let time = 0;
        const recent = createRecentDigests({ entriesMax: 1_000, windowMs: 1_000, now: () => time });
        const added = new Map<string, number>();
        for (const [at, pause] of pauses.entries()) {
          time += pause;
          const digest = `${at % 3}`;
          const age = time - (added.get(digest) ?? Number.NEGATIVE_INFINITY);
          const isNew = recent.add(digest);
          if (age < 1_000) expect(isNew).toBe(false);
          if (age >= 2_000) expect(isNew).toBe(true);
          expect(recent.has(digest)).toBe(true);
          if (isNew) added.set(digest, time);
        }
      }),
    );
  });

  test("a flood of digests keeps no more than the bound", () => {
    const recent = createRecentDigests({ entriesMax: 100, windowMs: 1_000, now: () => 0 });
    recent.add("first");
    for (let at = 0; at < 200; at += 1) recent.add(`${at}`);

    expect(recent.add("first")).toBe(true);
    expect(recent.add("199")).toBe(false);
  });
});
