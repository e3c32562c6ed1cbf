import { describe, expect, test } from "vitest";
import { boundedBytes, list, struct, withinBytes } from "../../src/codec/index.ts";
import {
  BLOCK_BYTES_MAX,
  blockBytesBesides,
  EVIDENCE_BYTES_MAX,
  Evidence,
  ModelsError,
  OFFSET_BYTES,
  Proof,
  ProofBlock,
  SCRIPT_BYTES_MAX,
} from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";

const empty: ProofBlock = {
  ...(exampleOf(ProofBlock.schema, 0) as ProofBlock),
  proofs: [],
  evidence: [],
  parentCertificate: undefined,
};

/** A proof of so many bytes. */
function proofOf(bytes: number): Proof {
  const { author, nonce, resourceLimit, feeLimit, expiry } = (exampleOf(Proof.schema, 1) as Proof)
    .body;
  const envelope = { author, nonce, resourceLimit, feeLimit, expiry, tip: undefined };
  const of = (script: Uint8Array): Proof => ({
    body: { type: "theorem", ...envelope, script },
    signatures: [],
  });
  return of(new Uint8Array(bytes - Proof.encode(of(new Uint8Array())).length));
}

/** Evidence of so many bytes. */
function evidenceOf(bytes: number): Evidence {
  const examples = [0, 1, 2, 3, 4, 5, 6, 7].map((salt) => exampleOf(Evidence.schema, salt));
  const example = (examples as Evidence[]).find(({ type }) => type === "invalid-verification");
  if (example?.type !== "invalid-verification") throw new Error("every member occurs");
  const of = (size: number): Evidence => ({ ...example, proof: proofOf(size) });
  return of(400 + bytes - Evidence.encode(of(400)).length);
}

/** Proofs that fill a block up to so many bytes. */
function filled(bytes: number): ProofBlock {
  const proofs: Proof[] = [];
  let left = bytes - blockBytesBesides(undefined);
  while (left > SCRIPT_BYTES_MAX) {
    proofs.push(proofOf(SCRIPT_BYTES_MAX));
    left -= SCRIPT_BYTES_MAX + OFFSET_BYTES;
  }
  return { ...empty, proofs: [...proofs, proofOf(left - OFFSET_BYTES)] };
}

describe("bounds of a whole block", () => {
  test("a block of the most bytes is read back, one of a byte more is not written", () => {
    const full = filled(BLOCK_BYTES_MAX);
    const bytes = ProofBlock.encode(full);

    expect(bytes).toHaveLength(BLOCK_BYTES_MAX);
    expect(ProofBlock.decode(bytes)).toEqual(full);
    expect(() => ProofBlock.encode(filled(BLOCK_BYTES_MAX + 1))).toThrow(ModelsError);
  });

  test("bytes above the bound are refused, whatever they are", () => {
    const bytes = new Uint8Array(BLOCK_BYTES_MAX + 1);
    expect(() => ProofBlock.decode(bytes)).toThrow(`at most ${BLOCK_BYTES_MAX}`);
  });

  test("evidence has a bound of its own", () => {
    const most = { ...empty, evidence: [evidenceOf(EVIDENCE_BYTES_MAX - OFFSET_BYTES)] };
    const more = { ...empty, evidence: [evidenceOf(EVIDENCE_BYTES_MAX - OFFSET_BYTES + 1)] };
    const many = { ...empty, evidence: [evidenceOf(200_000), evidenceOf(100_000)] };

    expect(ProofBlock.decode(ProofBlock.encode(most))).toEqual(most);
    expect(() => ProofBlock.encode(more)).toThrow("evidence");
    expect(() => ProofBlock.encode(many)).toThrow("evidence");
  });

  test("a full block has room for full evidence when its proofs leave it", () => {
    const evidence = [evidenceOf(EVIDENCE_BYTES_MAX - OFFSET_BYTES)];
    const block = { ...filled(BLOCK_BYTES_MAX - EVIDENCE_BYTES_MAX), evidence };
    expect(ProofBlock.encode(block)).toHaveLength(BLOCK_BYTES_MAX);
  });
});

test("a bounded type has the bytes of the plain one, and refuses what a longer encoding holds", () => {
  const plain = struct("Pair", { left: list(boundedBytes(8), 4), right: boundedBytes(8) });
  const bounded = withinBytes(plain, 20);
  const small = { left: [Uint8Array.of(1)], right: Uint8Array.of(2) };
  const large = { left: [new Uint8Array(8)], right: Uint8Array.of(2) };

  expect(bounded.maxBytes).toBe(20);
  expect(bounded.encode(small)).toEqual(plain.encode(small));
  expect(bounded.fromJson(plain.toJson(small))).toEqual(small);
  expect(() => bounded.encode(large)).toThrow("21 bytes are more than 20");
  expect(() => bounded.decode(plain.encode(large))).toThrow("at most 20 bytes, got 21");
  expect(() => bounded.fromJson(plain.toJson(large))).toThrow("more than 20");
});
