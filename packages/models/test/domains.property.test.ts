import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBytes,
  createSigner,
  type Digest,
  equalBytes,
  sha256,
  signingRoot,
  TAGS,
  tagDigest,
  taggedHash,
  toDigest,
  toHex,
  verifySigned,
} from "../src/index.ts";

const tags = fc.constantFrom(...TAGS);
const chains = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toDigest);
const contents = fc.uint8Array({ maxLength: 100 });
const objects = fc.record({ tag: tags, genesis: chains, bytes: contents });

describe("domains", () => {
  test("B18: every tag has a digest of its own, that of its published name", () => {
    const digests = TAGS.map((tag) => toHex(tagDigest(tag)));

    expect(new Set(digests).size).toBe(TAGS.length);
    for (const tag of TAGS) {
      expect(tagDigest(tag)).toEqual(sha256(new TextEncoder().encode(`aethel/${tag}`)));
    }
  });

  test("B18: what is signed is three parts of 32 bytes, so nothing moves between them", () => {
    fc.assert(
      fc.property(objects, ({ tag, genesis, bytes }) => {
        const preimage = concatBytes(tagDigest(tag), genesis, sha256(bytes));
        expect(preimage).toHaveLength(96);
        expect(signingRoot({ tag, genesis, bytes })).toEqual(sha256(preimage));
        expect(taggedHash(tag, genesis, sha256(bytes))).toEqual(sha256(preimage));
      }),
    );
  });

  test("B18: the hash of an input of any length is that of its parts in one piece", () => {
    const lengths = fc.oneof(fc.nat({ max: 200 }), fc.integer({ min: 4_000, max: 4_200 }));
    fc.assert(
      fc.property(tags, lengths, lengths, fc.nat({ max: 255 }), (tag, first, second, value) => {
        const parts = [new Uint8Array(first).fill(value), new Uint8Array(second).fill(~value)];
        // A longer one before leaves its bytes in the memory that both are put together in.
        taggedHash(tag, new Uint8Array(4_000).fill(value + 1));
        const whole = concatBytes(tagDigest(tag), ...parts);
        expect(taggedHash(tag, ...parts)).toEqual(sha256(whole));
      }),
    );
  });

  test("B18: two objects share a signing root only when tag, chain and bytes are the same", () => {
    const near = fc.tuple(objects, objects, fc.subarray(["tag", "genesis", "bytes"] as const)).map(
      // The right one takes some of its parts from the left, so that the others decide.
      ([left, right, shared]) =>
        [
          left,
          shared.reduce((object, part) => ({ ...object, [part]: left[part] }), right),
        ] as const,
    );

    fc.assert(
      fc.property(near, ([left, right]) => {
        const isSame =
          left.tag === right.tag &&
          equalBytes(left.genesis, right.genesis) &&
          equalBytes(left.bytes, right.bytes);
        expect(equalBytes(signingRoot(left), signingRoot(right))).toBe(isSame);
      }),
      { numRuns: 500 },
    );
  });

  test("B18: a signature for one kind of object and chain is one for no other", () => {
    const signer = createSigner(new Uint8Array(32).fill(3));
    const chainsOf: readonly Digest[] = [1, 2].map((seed) => sha256(Uint8Array.of(seed)));
    const bytes = new Uint8Array([1, 2, 3]);

    for (const signedTag of TAGS) {
      for (const signedChain of chainsOf) {
        const signature = signer.sign({ tag: signedTag, genesis: signedChain, bytes });
        for (const tag of TAGS) {
          for (const genesis of chainsOf) {
            const isOwn = tag === signedTag && genesis === signedChain;
            expect(verifySigned(signer.publicKey, { tag, genesis, bytes }, signature)).toBe(isOwn);
          }
        }
      }
    }
  });
});
