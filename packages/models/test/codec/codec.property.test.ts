import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes, sha256, toHex } from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";
import { valuesOf } from "../schema-values.ts";
import { type AnyCodec, decodeOrRefuse, wireTypes } from "../wire-types.ts";
import { withoutStacks } from "../without-stacks.ts";
import { libraryType } from "./ssz-library.ts";

const runs = { numRuns: 100 };

withoutStacks();

describe.each(wireTypes)("%s", (_, codec) => {
  const values = valuesOf(codec.schema);
  const library = libraryType(codec.schema);

  test("decoding an encoded value returns it unchanged, and the digest is that of the bytes", () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = codec.encode(value);
        expect(codec.decode(bytes)).toEqual(value);
        expect(codec.digest(value)).toEqual(sha256(bytes));
        expect(codec.measure(value)).toEqual({ bytes: bytes.length, digest: sha256(bytes) });
        expect(bytes.length).toBeLessThanOrEqual(codec.maxBytes);
      }),
      runs,
    );
  });

  test("the bytes are those of another SSZ implementation", () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(toHex(codec.encode(value))).toBe(
          toHex(library.ssz.serialize(library.convert(value))),
        );
      }),
      runs,
    );
    // SSZ knows no bound on the bytes of a whole type; the ones of ours are on record.
    expect(codec.maxBytes).toBeLessThanOrEqual(library.ssz.maxSize);
    expect(codec.layout.minSize).toBe(library.ssz.minSize);
  });

  test("the JSON form survives a round trip through text", () => {
    fc.assert(
      fc.property(values, (value) => {
        const json: unknown = JSON.parse(JSON.stringify(codec.toJson(value)));
        expect(codec.fromJson(json)).toEqual(value);
      }),
      runs,
    );
  });

  test("B18: two different values never share an encoding", () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const sameBytes = equalBytes(codec.encode(left), codec.encode(right));
        if (sameBytes) expect(left).toEqual(right);
        else expect(left).not.toEqual(right);
      }),
      runs,
    );
  });

  test("every flipped bit, cut, extension and number put elsewhere is refused or canonical", () => {
    let refused = 0;
    for (const salt of [1, 2, 3, 4, 5]) {
      const bytes = codec.encode(exampleOf(codec.schema, salt));
      // The types inside a block have a row of their own: one whole block is enough.
      if (bytes.length > 1_000 && salt > 1) continue;
      for (const damaged of damages(bytes)) refused += refusedOrCanonical(codec, damaged) ? 1 : 0;
    }
    expect(refused).toBeGreaterThan(0);
  });

  test("random bytes and damaged encodings are refused or canonical", () => {
    const near = fc
      .tuple(
        values,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
      )
      .map(([value, changes]) =>
        changes.reduce((bytes, [at, byte]) => with1(bytes, at, byte), codec.encode(value)),
      );

    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 400 })), (bytes) => {
        refusedOrCanonical(codec, bytes);
      }),
      { numRuns: 400 },
    );
  });
});

/** True when refused. Fails when the bytes decode to a value whose encoding is another. */
function refusedOrCanonical(codec: AnyCodec, bytes: Uint8Array): boolean {
  const decoded = decodeOrRefuse(codec, bytes);
  if (decoded === undefined) return true;
  if (equalBytes(codec.encode(decoded.value), bytes)) return false;
  throw new Error(`${codec.name}: ${toHex(bytes)} is not canonical, and was accepted`);
}

/**
 * Each bit flipped, each cut, some tails, and adversarial numbers in the place of any four bytes.
 */
function* damages(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) yield bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit));
    yield bytes.slice(0, at);
    yield new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1)]);
  }
  for (const tail of [[0], [1], [0, 0], [255], [0, 0, 0, 0], [4, 0, 0, 0]]) {
    yield new Uint8Array([...bytes, ...tail]);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const here = view.getUint32(at, true);
    const length = bytes.length;
    for (const value of [
      0,
      4,
      8,
      here + 4,
      here - 4,
      length,
      length - at,
      0x7fff_ffff,
      0xffff_ffff,
    ]) {
      const damaged = bytes.slice();
      new DataView(damaged.buffer).setUint32(at, value >>> 0, true);
      if (!equalBytes(damaged, bytes)) yield damaged;
    }
  }
}

function with1(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  return bytes.length === 0 ? Uint8Array.of(byte) : bytes.with(at % bytes.length, byte);
}
