import { ics23, verifyMembership } from "@confio/ics23";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyTree, prove, verifyProof } from "../src/index.ts";
import { ics23Spec, toIcs23 } from "../src/proofs/index.ts";
import { changeLists, flipBit, keys, values } from "./arbitraries.ts";

const spec = ics23.ProofSpec.fromObject(ics23Spec);

describe("the independent ICS-23 verifier", () => {
  test("accepts every inclusion proof under the exported spec, and no tampered one", () => {
    fc.assert(
      fc.property(changeLists, keys, values, fc.nat(), (changes, key, value, bit) => {
        const tree = emptyTree.update([...changes, { key, value }]);
        const { root } = tree;
        const proof = prove(tree, key);
        if (proof.type !== "inclusion") throw new Error("the key is in the tree");
        const exist = ics23.ExistenceProof.fromObject(toIcs23({ key, proof }));

        expect(verifyProof({ root, key, proof }).ok).toBe(true);
        expect(verifyMembership({ exist }, spec, root, key, value)).toBe(true);
        expect(verifyMembership({ exist }, spec, flipBit(root, bit), key, value)).toBe(false);
        expect(verifyMembership({ exist }, spec, root, flipBit(key, bit), value)).toBe(false);
        expect(verifyMembership({ exist }, spec, root, key, flipBit(value, bit))).toBe(false);
        const lie = { ...proof, value: flipBit(value, bit) };
        const forged = ics23.ExistenceProof.fromObject(toIcs23({ key, proof: lie }));
        expect(verifyMembership({ exist: forged }, spec, root, key, lie.value)).toBe(false);
        const [top] = proof.siblings;
        if (top === undefined) return;
        const bent = { ...proof, siblings: proof.siblings.with(0, flipBit(top, bit)) };
        const broken = ics23.ExistenceProof.fromObject(toIcs23({ key, proof: bent }));
        expect(verifyMembership({ exist: broken }, spec, root, key, value)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});
