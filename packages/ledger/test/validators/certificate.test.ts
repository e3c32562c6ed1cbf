import {
  type Block,
  parentCertificateRoot,
  type QuorumCertificate,
  sha256,
  signersOfCertificate,
  toSequence,
} from "@aethel/models";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { executeBlock } from "../../src/index.ts";
import { build, certify, createWorld, step, theorem, utf8 } from "../fixtures/world.ts";

const world = createWorld();
const worked = step(world, world.state, {
  proofs: [theorem(world, world.alice, "; valid", { nonce: 0 })],
}).state;
const block = build(world, worked);
const certificate = block.parentCertificate as QuorumCertificate;

/** The block with another certificate of its parent in it, its own header telling of it. */
function carrying(parentCertificate: QuorumCertificate | undefined): Block {
  const root = parentCertificateRoot(parentCertificate);
  const header = { ...block.header, parentCertificateRoot: root };
  return { ...block, header, parentCertificate };
}

function defectOf(forged: Block): string {
  const outcome = executeBlock(worked, forged, [], world.tools);
  if (outcome.type === "executed") return "none";
  const { defect } = outcome;
  return defect.code === "parent-certificate" ? defect.defect : defect.code;
}

describe("the parent's certificate in a block", () => {
  test("pays whoever signed, when every signature holds", () => {
    expect(defectOf(block)).toBe("none");
  });

  test("B10: one forged signature beyond the quorum is enough to refuse it: it would be paid", () => {
    const { signatures } = certificate.seal;
    fc.assert(
      fc.property(fc.nat({ max: signatures.length - 1 }), fc.nat({ max: 511 }), (at, bit) => {
        const forged = signatures.map((signature, index) => {
          if (index !== at) return signature;
          const bytes = new Uint8Array(signature);
          bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          return bytes as typeof signature;
        });
        const seal = { type: "ed25519", signatures: forged } as const;
        expect(defectOf(carrying({ ...certificate, seal }))).toBe("not-certified");
      }),
      { numRuns: 100 },
    );
  });

  test("must be there, be a commit, be for the parent, and be a quorum", () => {
    expect(defectOf(carrying(undefined))).toBe("missing");
    expect(defectOf(carrying({ ...certificate, phase: "prepare" }))).toBe("other-block");
    expect(defectOf(carrying({ ...certificate, digest: sha256(utf8("other")) }))).toBe(
      "other-block",
    );
    expect(defectOf(carrying({ ...certificate, sequence: toSequence(2) }))).toBe("other-block");
    const weak = certify(world, worked, signersOfCertificate(certificate).slice(0, 1));
    expect(defectOf(carrying(weak))).toBe("not-certified");
  });

  test("the genesis block has none", () => {
    const first = build(world, world.state);
    const root = parentCertificateRoot(certificate);
    const header = { ...first.header, parentCertificateRoot: root };
    const forged = { ...first, header, parentCertificate: certificate };
    const outcome = executeBlock(world.state, forged, [], world.tools);
    expect(outcome).toMatchObject({
      type: "invalid",
      defect: { code: "parent-certificate", defect: "of-genesis" },
    });
  });
});
