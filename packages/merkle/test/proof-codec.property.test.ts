import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEPTH_MAX,
  decodeProof,
  emptyTree,
  encodeProof,
  type MerkleProof,
  PROOF_LENGTH_MAX,
  VALUE_LENGTH_MAX,
} from "../src/index.ts";
import { proofFromJson, proofToJson } from "../src/proofs/index.ts";
import { faultOf, flipBit } from "./arbitraries.ts";

const digests = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.constant(new Uint8Array(emptyTree.root)),
);
const siblings = fc.array(digests, { maxLength: 40 });

/** Any proof of the right lengths, true or not. */
const proofs: fc.Arbitrary<MerkleProof> = fc.oneof(
  fc.record({
    type: fc.constant("inclusion" as const),
    siblings,
    value: fc.uint8Array({ minLength: 1, maxLength: 100 }),
  }),
  fc.record({ type: fc.constant("empty-slot" as const), siblings }),
  fc.record({
    type: fc.constant("other-leaf" as const),
    siblings,
    path: digests,
    valueDigest: digests,
  }),
);

const nearMisses: fc.Arbitrary<Uint8Array> = fc
  .tuple(proofs.map(encodeProof), fc.nat(), fc.integer({ min: -3, max: 3 }))
  .map(([bytes, bit, extra]) => {
    const flipped = flipBit(bytes, bit);
    return extra <= 0
      ? flipped.slice(0, flipped.length + extra)
      : new Uint8Array([...flipped, ...new Uint8Array(extra)]);
  });

describe("proof codec", () => {
  test("decoding an encoded proof returns it unchanged", () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        expect(decodeProof(encodeProof(proof))).toEqual(proof);
      }),
      { numRuns: 300 },
    );
  });

  test("every byte string is either the canonical encoding of a proof or a DECODE fault", () => {
    const results = { decoded: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(nearMisses, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const decoded = attempt(() => decodeProof(bytes));
        if (decoded === undefined) {
          results.refused++;
          expect(faultOf(() => decodeProof(bytes)).code).toBe("DECODE");
        } else {
          results.decoded++;
          expect(encodeProof(decoded)).toEqual(bytes);
        }
      }),
      // The draws are counted: the seed is fixed.
      { numRuns: 2000, seed: 1 },
    );
    expect(results.decoded).toBeGreaterThan(100);
    expect(results.refused).toBeGreaterThan(100);
  });

  test("the largest proof fits the limit exactly, and one byte more is refused", () => {
    const largest = encodeProof({
      type: "inclusion",
      siblings: Array.from({ length: DEPTH_MAX }, () => new Uint8Array(32).fill(1)),
      value: new Uint8Array(VALUE_LENGTH_MAX),
    });
    expect(largest.length).toBe(PROOF_LENGTH_MAX);
    expect(decodeProof(largest).siblings.length).toBe(DEPTH_MAX);
    const over = new Uint8Array(PROOF_LENGTH_MAX + 1);
    over.set(largest);
    expect(faultOf(() => decodeProof(over))).toMatchObject({ code: "DECODE", field: "" });
  });

  test("a fault names the field", () => {
    const empty = new Uint8Array(emptyTree.root);
    const cases: readonly (readonly [field: string, bytes: Uint8Array])[] = [
      ["", Uint8Array.of()],
      ["", Uint8Array.of(2, 0)],
      ["kind", Uint8Array.of(0, 0, 0)],
      ["kind", Uint8Array.of(4, 0, 0)],
      ["depth", Uint8Array.of(2, 1, 1)],
      ["depth", Uint8Array.of(2, 255, 255)],
      ["siblings", Uint8Array.of(2, 0, 1)],
      ["siblings", Uint8Array.of(2, 0, 1, 0x80)],
      ["siblings", Uint8Array.of(2, 0, 1, 0x40)],
      ["siblings", new Uint8Array([2, 0, 1, 0x80, ...empty])],
      ["value", Uint8Array.of(1, 0, 0)],
      ["", Uint8Array.of(2, 0, 0, 0)],
      ["other leaf", new Uint8Array([3, 0, 0, ...new Uint8Array(63)])],
      ["other leaf", new Uint8Array([3, 0, 0, ...new Uint8Array(65)])],
    ];
    for (const [field, bytes] of cases) {
      expect(faultOf(() => decodeProof(bytes))).toMatchObject({ code: "DECODE", field });
    }
  });

  test("what no bytes decode to is not encoded", () => {
    const value = new Uint8Array(1);
    const wrong: readonly MerkleProof[] = [
      { type: "inclusion", siblings: [], value: new Uint8Array() },
      { type: "inclusion", siblings: [], value: new Uint8Array(VALUE_LENGTH_MAX + 1) },
      { type: "inclusion", siblings: [new Uint8Array(31)], value },
      { type: "inclusion", siblings: [new Uint8Array(64)], value },
      { type: "empty-slot", siblings: Array.from({ length: 257 }, () => new Uint8Array(32)) },
      { type: "other-leaf", siblings: [], path: value, valueDigest: new Uint8Array(32) },
      { type: "other-leaf", siblings: [], path: new Uint8Array(32), valueDigest: value },
    ];
    for (const proof of wrong) expect(faultOf(() => encodeProof(proof)).code).toBe("DECODE");
  });

  test("bytes of a Buffer are copied, so the buffer may be used again", () => {
    const proof = {
      type: "inclusion" as const,
      siblings: [new Uint8Array(32)],
      value: Uint8Array.of(9),
    };
    const buffer = Buffer.from(encodeProof(proof));
    const decoded = decodeProof(buffer);
    buffer.fill(0xff);
    expect(decoded).toEqual(proof);
  });
});

describe("proof JSON", () => {
  test("survives JSON.stringify and comes back unchanged", () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        expect(proofFromJson(JSON.parse(JSON.stringify(proofToJson(proof))))).toEqual(proof);
      }),
    );
  });

  test("any JSON is either the one form of a proof or a DECODE fault", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.record({
            type: fc.constantFrom("inclusion", "empty-slot", "other-leaf"),
            siblings: fc.array(fc.constantFrom("00".repeat(32), "AA".repeat(32), "0", 1)),
            value: fc.constantFrom("00", "", "0x00", "zz", 7),
          }),
        ),
        (json) => {
          const proof = attempt(() => proofFromJson(json));
          if (proof === undefined) expect(faultOf(() => proofFromJson(json)).code).toBe("DECODE");
          else expect(proofToJson(proof)).toEqual(json);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("a fault names the field, unknown ones too", () => {
    const good = { type: "inclusion", siblings: ["00".repeat(32)], value: "01" };
    expect(proofFromJson(good).type).toBe("inclusion");
    const cases: readonly (readonly [field: string, json: unknown])[] = [
      ["", [good]],
      ["type", { ...good, type: "exclusion" }],
      ["depth", { ...good, depth: 1 }],
      ["siblings", { ...good, siblings: "00" }],
      ["siblings", { ...good, siblings: Array.from({ length: 257 }, () => "00".repeat(32)) }],
      ["siblings.1", { ...good, siblings: [good.siblings[0], "00"] }],
      ["value", { ...good, value: "AB" }],
      ["value", { ...good, value: "" }],
      ["value", { type: "inclusion", siblings: [] }],
      ["valueDigest", { type: "other-leaf", siblings: [], path: "00".repeat(32) }],
    ];
    for (const [field, json] of cases) {
      expect(faultOf(() => proofFromJson(json))).toMatchObject({ code: "DECODE", field });
    }
  });
});

/** Undefined where a MerkleError is thrown; other errors fail the test in `faultOf`. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
