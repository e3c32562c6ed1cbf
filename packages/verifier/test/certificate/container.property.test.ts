import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CertificateEntry,
  decodeCertificate,
  decodeEntry,
  encodeCertificate,
  encodeEntry,
} from "../../src/certificate/index.ts";

const blobs = fc.uint8Array({ maxLength: 300 });
const rows = fc.array(fc.array(blobs, { maxLength: 4 }), { maxLength: 4 });

const values = fc.oneof(
  fc.boolean(),
  fc.bigInt({ min: -(1n << 127n), max: 1n << 127n }),
  fc.constantFrom(0n, 127n, 128n, -1n, (1n << 1_024n) - 1n),
);
const entries: fc.Arbitrary<CertificateEntry> = fc.oneof(
  fc.record({ type: fc.constant("witness" as const), values: fc.array(values) }),
  fc.record({ type: fc.constant("proof" as const), proof: blobs }),
  fc.record({
    type: fc.constant("cut" as const),
    lemmas: fc.array(blobs, { maxLength: 4 }),
    proof: blobs,
  }),
);

/** Bytes that are nearly right: one changed, some cut off, or one put in. */
function nearMisses(good: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  return fc
    .tuple(good, fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 }))
    .map(([bytes, at, value, how]) => {
      const place = at % (bytes.length + 1);
      const [head, tail] = [bytes.slice(0, place), bytes.slice(place + (how === 0 ? 1 : 0))];
      return how === 1 ? head : Uint8Array.from([...head, value, ...tail]);
    });
}

describe("the bytes of a certificate", () => {
  test("decoding gives back the rows that were encoded", () => {
    fc.assert(
      fc.property(rows, (some) => {
        expect(decodeCertificate(encodeCertificate(some))).toEqual(some);
      }),
    );
  });

  test("any bytes are the encoding of what they decode to, or are refused", () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.oneof(nearMisses(rows.map(encodeCertificate)), fc.uint8Array({ maxLength: 64 })),
        (bytes) => {
          const decoded = decodeCertificate(bytes);
          if (decoded === undefined) seen.refused++;
          else {
            seen.accepted++;
            expect(encodeCertificate(decoded)).toEqual(bytes);
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  });

  test("counts and lengths of any size are refused before anything is made of them", () => {
    const huge = [0xff, 0xff, 0xff, 0x7f];

    expect(decodeCertificate(Uint8Array.from([1, ...huge]))).toBeUndefined();
    expect(decodeCertificate(Uint8Array.from([1, 1, ...huge]))).toBeUndefined();
    expect(decodeCertificate(Uint8Array.from([1, 1, 1, ...huge]))).toBeUndefined();
    // Zero in two groups is not how zero is written.
    expect(decodeCertificate(Uint8Array.from([1, 0x80, 0]))).toBeUndefined();
    expect(decodeCertificate(Uint8Array.from([2, 0]))).toBeUndefined();
  });
});

describe("the bytes of an entry", () => {
  test("decoding gives back the entry that was encoded", () => {
    fc.assert(
      fc.property(entries, (entry) => {
        expect(decodeEntry(encodeEntry(entry))).toEqual(entry);
      }),
    );
  });

  test("any bytes are the encoding of what they decode to, or are refused", () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(
        fc.oneof(nearMisses(entries.map(encodeEntry)), fc.uint8Array({ maxLength: 64 })),
        (bytes) => {
          const decoded = decodeEntry(bytes);
          if (decoded === undefined) seen.refused++;
          else {
            seen.accepted++;
            expect(encodeEntry(decoded)).toEqual(bytes);
          }
        },
      ),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  });

  test("what could be written shorter, or in another way, is refused", () => {
    const refused = [
      [],
      [3],
      // A sign that is none; zero with a sign; zero and one in two groups.
      [0, 4],
      [0, 3, 0],
      [0, 2, 0x80, 0],
      [0, 2, 0x81, 0],
      // 1,029 bits and more; a number that ends within; as many lemmas as nothing could hold.
      [0, 2, ...Array.from({ length: 147 }, () => 0xff), 1],
      [0, 2, 0x80],
      [2, 0xff, 0xff, 0xff, 0x7f],
      [2, 1, 2, 0],
    ];

    for (const bytes of refused) {
      expect(decodeEntry(Uint8Array.from(bytes)), bytes.slice(0, 5).join()).toBeUndefined();
    }
  });
});
