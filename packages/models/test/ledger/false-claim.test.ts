import { describe, expect, test } from "vitest";
import {
  FalseClaim,
  findFalseClaimDefect,
  hashProof,
  type ListProof,
  listRoot,
  Proof,
  proveListItem,
  VerificationResult,
} from "../../src/index.ts";
import { exampleOf } from "../schema-text.ts";

const proofs = [1, 2, 3].map((salt) => exampleOf(Proof.schema, salt) as Proof);
const [first, second] = proofs as [Proof, Proof];
const encoded = proofs.map((proof) => Proof.encode(proof));
const paths = encoded.map((_, index) => proveListItem(encoded, index));

/** A block in whose annex the result of the second proof says `said`, and a claim about it. */
function claimOf(
  said: Partial<VerificationResult>,
  change: (good: FalseClaim, paths: readonly ListProof[]) => Partial<FalseClaim> = () => ({}),
): { readonly header: { payloadRoot: never; annexRoot: never }; readonly claim: FalseClaim } {
  const results = proofs.map((proof, index): VerificationResult => {
    const example = exampleOf(VerificationResult.schema, index) as VerificationResult;
    const honest = { ...example, verdict: "valid" as const, proofHash: hashProof(proof) };
    return index === 1 ? { ...honest, ...said } : honest;
  });
  const annex = results.map((result) => VerificationResult.encode(result));
  const good: FalseClaim = {
    proof: second,
    proofPath: proveListItem(encoded, 1),
    result: results[1] as VerificationResult,
    resultPath: proveListItem(annex, 1),
    counterexample: new Uint8Array(),
  };
  const header = { payloadRoot: listRoot(encoded), annexRoot: listRoot(annex) };
  return { header: header as never, claim: { ...good, ...change(good, paths) } };
}

function defectOf({ header, claim }: ReturnType<typeof claimOf>): string | undefined {
  return findFalseClaimDefect(header, FalseClaim.decode(FalseClaim.encode(claim)));
}

describe("a claim that a header is false", () => {
  test("holds when annex and payload hold the result and its proof, at whatever places", () => {
    expect(defectOf(claimOf({}))).toBeUndefined();
    for (const trust of ["certified", "solver", "none"] as const) {
      expect(defectOf(claimOf({ trust }))).toBeUndefined();
    }
  });

  test("a verdict other than valid shows nothing", () => {
    for (const verdict of ["refuted", "unknown"] as const) {
      expect(defectOf(claimOf({ verdict }))).toBe("result-not-valid");
    }
  });

  test("a result of another proof shows nothing", () => {
    const ofFirst = { proofHash: hashProof(first) };
    expect(defectOf(claimOf(ofFirst))).toBe("not-in-block");
    // It shows something of the proof that it names.
    const named = claimOf(ofFirst, (_, [path]) => ({ proof: first, proofPath: path as ListProof }));
    expect(defectOf(named)).toBeUndefined();
  });

  test("a proof or result that the header does not hold shows nothing", () => {
    const foreign = exampleOf(Proof.schema, 9) as Proof;
    const changes: ((good: FalseClaim) => Partial<FalseClaim>)[] = [
      ({ result }) => ({ proof: foreign, result: { ...result, proofHash: hashProof(foreign) } }),
      ({ result }) => ({ result: { ...result, errorCode: result.errorCode ^ 1 } }),
      ({ proofPath }) => ({ resultPath: { ...proofPath, index: 0 } }),
      ({ proofPath }) => ({ proofPath: { ...proofPath, index: 2 } }),
    ];
    for (const change of changes) expect(defectOf(claimOf({}, change))).toBe("not-in-block");
    const { header, claim } = claimOf({});
    const swapped = { payloadRoot: header.annexRoot, annexRoot: header.payloadRoot };
    expect(defectOf({ header: swapped, claim })).toBe("not-in-block");
  });
});
